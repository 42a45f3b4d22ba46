"""From Sigma documents to the intermediate form: the only place that knows pySigma."""
