"""IAM policies: parsing them and answering who may do what."""
