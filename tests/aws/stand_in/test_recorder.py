import threading

from vedette.aws.stand_in.call import Call
from vedette.aws.stand_in.recorder import Recorder, Request
from vedette.aws.stand_in.server import StandIn


def call(operation: str) -> Call:
    return Call(
        service="kms", operation=operation, region="eu-west-1", account="", protocol="", environ={}
    )


def test_requests_are_counted_by_service_operation_and_region(stand_in: StandIn) -> None:
    for region in ("eu-west-1", "us-east-1", "us-east-1"):
        stand_in.client("kms", region).list_keys()
    stand_in.client("sqs", "us-east-1").list_queues()

    assert stand_in.recorder.counts == {
        Request("kms", "ListKeys", "eu-west-1"): 1,
        Request("kms", "ListKeys", "us-east-1"): 2,
        Request("sqs", "ListQueues", "us-east-1"): 1,
    }
    assert stand_in.recorder.by_operation() == {"kms:ListKeys": 3, "sqs:ListQueues": 1}
    assert stand_in.recorder.total == 4


def test_retries_are_counted_as_the_requests_that_they_are(stand_in: StandIn) -> None:
    stand_in.faults.throttle("kms:ListKeys", times=1)

    stand_in.client("kms").list_keys()

    assert stand_in.recorder.by_operation() == {"kms:ListKeys": 2}


def test_clearing_starts_anew(stand_in: StandIn) -> None:
    stand_in.client("kms").list_keys()
    stand_in.recorder.clear()

    assert stand_in.recorder.counts == {}
    assert stand_in.recorder.peak == 0


def test_the_peak_is_the_most_requests_in_flight_at_one_time() -> None:
    recorder = Recorder()
    with recorder.counting(call("ListKeys")), recorder.counting(call("DescribeKey")):
        pass
    with recorder.counting(call("ListKeys")):
        pass

    assert recorder.peak == 2


def test_threads_lose_no_count() -> None:
    recorder = Recorder()

    def count() -> None:
        for _ in range(500):
            with recorder.counting(call("ListKeys")):
                pass

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert recorder.total == 4000
    assert 1 <= recorder.peak <= 8
