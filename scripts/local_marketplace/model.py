"""The services' own models, as botocore publishes them: what a request must be, what an answer is."""
import datetime
import re

import botocore.loaders
import botocore.model
import botocore.validate

LOADER = botocore.loaders.Loader()


class Refused(Exception):
    """An answer that is an error, by the service's own name for it."""

    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Service:
    """One service: its operations by target, its name in signatures."""

    def __init__(self, name):
        self.model = botocore.model.ServiceModel(LOADER.load_service_model(name, "service-2"), name)
        self.signing_name = self.model.signing_name
        self.prefix = self.model.metadata.get("targetPrefix")

    def operation(self, name):
        if name not in self.model.operation_names:
            raise Refused("UnknownOperationException", "no operation " + name)
        return self.model.operation_model(name)

    def check_input(self, name, document):
        shape = self.operation(name).input_shape
        complaints = faults(shape, document)
        if complaints:
            raise Refused("ValidationException", "; ".join(complaints))

    def check_output(self, name, document):
        complaints = faults(self.operation(name).output_shape, document)
        if complaints:
            raise AssertionError("the emulator's own answer: " + "; ".join(complaints))


def faults(shape, document):
    """Everything in a parsed JSON document that its shape does not allow."""
    report = botocore.validate.ParamValidator().validate(document, shape)
    found = [report.generate_report()] if report.has_errors() else []
    return found + list(finer_faults(shape, document, "input"))


def finer_faults(shape, value, path):
    """What botocore leaves to the service: enumerations, patterns, lengths, JSON's timestamps."""
    kind = shape.type_name
    if value is None:
        yield path + " is null"
    elif kind == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield from finer_faults(member, value[name], path + "." + name)
    elif kind == "map" and isinstance(value, dict):
        yield from size_faults(shape, len(value), path)
        for key, item in value.items():
            yield from finer_faults(shape.key, key, path + " key")
            yield from finer_faults(shape.value, item, path + "." + key)
    elif kind == "list" and isinstance(value, list):
        yield from size_faults(shape, len(value), path)
        for index, item in enumerate(value):
            yield from finer_faults(shape.member, item, "%s[%d]" % (path, index))
    elif kind == "string" and isinstance(value, str):
        yield from size_faults(shape, len(value), path)
        if shape.enum and value not in shape.enum:
            yield "%s: %r is none of the values of the enumeration" % (path, value)
        pattern = shape.metadata.get("pattern")
        if pattern and not re.search(pattern, value):
            yield "%s: %r does not match %s" % (path, value, pattern)
    elif kind == "integer" and isinstance(value, int):
        yield from size_faults(shape, value, path)
    elif kind == "timestamp" and (isinstance(value, bool) or not isinstance(value, (int, float))):
        yield path + " must be a number of seconds in this protocol"


def size_faults(shape, size, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and size < least) or (most is not None and size > most):
        yield "%s: %s is outside of %s to %s" % (path, size, least, most)


def moment(seconds):
    """A JSON timestamp as a date and time in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def iso(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
