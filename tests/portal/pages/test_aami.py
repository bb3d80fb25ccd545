from portal.pages.aami import AAMI_CLASS_OF_LETTER, AAMI_CLASSES
from worker.ecg import annotations


def test_the_pages_know_the_same_classes_in_the_same_order_as_the_worker():
    assert tuple(aami.letter for aami in AAMI_CLASSES) == annotations.AAMI_CLASSES


def test_the_pages_put_every_symbol_into_the_class_the_worker_puts_it_into():
    of_pages = {beat.symbol: aami.letter for aami in AAMI_CLASSES for beat in aami.beat_types}
    assert of_pages == annotations.AAMI_CLASS_OF_SYMBOL


def test_no_symbol_is_named_twice():
    symbols = [beat.symbol for aami in AAMI_CLASSES for beat in aami.beat_types]
    assert len(symbols) == len(set(symbols))


def test_shapes_are_told_apart_without_colour():
    assert len({str(aami.shape) for aami in AAMI_CLASS_OF_LETTER.values()}) == len(AAMI_CLASSES)
