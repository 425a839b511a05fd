"""One engine of understanding for a command, with examples of the operator's where there are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from huiyin.bootstrap import Service
from huiyin.errors import HuiyinError
from huiyin.workbench import BATCH_TIMEOUT_SECONDS, open_workbench
from nlu.model_registry import ModelRegistry
from nlu.rasa_parser import RasaParser
from nlu.training_data import Example
from nlu.understanding import MessageParser

WITH_EXAMPLES = "with-examples"
"""Folder of the models that commands train from a file of examples: never in use."""


@contextmanager
def running_parser(
    service: Service, name: str, examples: Sequence[Example] = ()
) -> Iterator[MessageParser]:
    """The engine called ``name``, "local" or "rasa", with the model in use.

    With ``examples`` it is a model of its own, trained from them beside the shipped data.

    Raises:
        HuiyinError: Rasa is not to be had here.
    """
    if examples:
        with open_workbench(service, name, models_with_examples(service)) as bench:
            yield bench.open(bench.train(examples))
    elif name == "local":
        yield service.local_parser
    elif service.settings.rasa_url:
        yield _remote(service, service.settings.rasa_url)
    else:
        model = service.rasa_environment().prepare()
        with open_workbench(service, name, service.models) as bench:
            yield bench.open(model.name.removesuffix(".tar.gz"))


def models_with_examples(service: Service) -> ModelRegistry:
    """Where models lie that a command trained for itself."""
    return ModelRegistry(service.models.folder / WITH_EXAMPLES)


def _remote(service: Service, url: str) -> RasaParser:
    token = service.settings.rasa_token
    parser = RasaParser(
        url,
        token.get_secret_value() if token else "",
        gazetteer=service.composer.gazetteer,
        timeout_seconds=BATCH_TIMEOUT_SECONDS,
    )
    if not parser.is_healthy():
        raise HuiyinError(f"no Rasa server answers at {url}")
    return parser
