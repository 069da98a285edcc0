"""Trouble to order: each is asked for through the control endpoint and happens so many times."""
import threading

# Instead of an answer, or of part of one.
ANSWER = {
    "throttle", "timeout", "error", "unavailable", "denied", "unknown-product", "malformed",
    "empty", "drop-answer", "invalid",
}
# After a good answer, on the way to bucket and topic.
DELIVERY = {
    "fail", "lose-notice", "notice-twice", "notice-first", "no-meta", "meta-first",
    "damaged-meta",
}
# What of a question a fault can be limited to.
SUBJECTS = ("dataSetType", "destinationS3BucketName", "ProductCode")


class Faults:
    """What is still to go wrong, in the order in which it was asked for."""

    def __init__(self):
        self.lock = threading.Lock()
        self.waiting = []

    def add(self, wish):
        kind = wish.get("fault")
        if kind not in ANSWER | DELIVERY:
            raise ValueError("unknown fault %r" % kind)
        with self.lock:
            self.waiting.append({"operation": "*", "times": 1, "subject": "*", **wish})

    def clear(self):
        with self.lock:
            self.waiting.clear()

    def take(self, kinds, operation, question):
        """The first fault of these kinds that concerns the call, or none."""
        subjects = {"*"} | {question.get(name) for name in SUBJECTS}
        with self.lock:
            for wish in self.waiting:
                if wish["fault"] not in kinds or wish["times"] <= 0:
                    continue
                if wish["operation"] in ("*", operation) and wish["subject"] in subjects:
                    wish["times"] -= 1
                    return wish
        return None

    def left(self):
        with self.lock:
            return [wish for wish in self.waiting if wish["times"] > 0]
