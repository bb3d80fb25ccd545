"""The five AAMI EC57 classes in words, for pages.

The mapping of WFDB symbols is that of ``worker.ecg.annotations`` (de Chazal 2004); a test holds the two together,
because the portal does not import the worker.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class BeatType:
    symbol: str
    name: str | Promise
    explanation: str | Promise


@dataclass(frozen=True)
class AamiClass:
    letter: str
    name: str | Promise
    short_name: str | Promise
    shape: str | Promise
    summary: str | Promise
    look: str | Promise
    meaning: str | Promise
    picture_text: str | Promise
    beat_types: tuple[BeatType, ...]

    @property
    def css_class(self) -> str:
        return f"class-{self.letter.lower()}"

    @property
    def picture(self) -> str:
        return f"beats/{self.letter}.svg"


NORMAL: Final = AamiClass(
    letter="N",
    name=_("Normal beat"),
    short_name=_("Normal"),
    shape=_("circle"),
    summary=_("Any beat that is not ectopic, paced or unclassifiable, including bundle branch block."),
    look=_(
        "In the ordinary case a small P wave, then a narrow, steep QRS complex, then a rounded T wave, at a regular "
        "distance from its neighbours. With a bundle branch block the QRS is wide and often notched. An escape beat "
        "comes late, after a pause."
    ),
    meaning=_(
        "The impulse reached the ventricles by the heart's own way. The class is wider than its name: it holds bundle "
        "branch blocks and escape beats, which are not ectopic early beats but may well matter to a physician."
    ),
    picture_text=_("One heartbeat of class N: a small P wave, a narrow tall spike and a rounded T wave."),
    beat_types=(
        BeatType("N", _("Normal beat"), _("from the sinus node, by the usual way")),
        BeatType("L", _("Left bundle branch block beat"), _("the left ventricle is activated late")),
        BeatType("R", _("Right bundle branch block beat"), _("the right ventricle is activated late")),
        BeatType("e", _("Atrial escape beat"), _("the atria step in after a pause")),
        BeatType("j", _("Nodal (junctional) escape beat"), _("the AV junction steps in after a pause")),
    ),
)
SUPRAVENTRICULAR: Final = AamiClass(
    letter="S",
    name=_("Supraventricular ectopic beat"),
    short_name=_("Supraventricular"),
    shape=_("triangle"),
    summary=_("A beat that starts early, from a place above the ventricles other than the sinus node."),
    look=_(
        "It comes earlier than expected. The QRS usually looks like that of the normal beats, because the ventricles "
        "are activated by the usual way; the P wave looks different, is hidden in the T wave before it, or is missing."
    ),
    meaning=_(
        "Single ones are common in healthy people. Many of them, or runs, may point to an atrial arrhythmia. Its "
        "early arrival is what gives it away, so a picture of one beat alone is often not enough to tell it from N."
    ),
    picture_text=_("One heartbeat of class S: it follows the beat before it early; its spike is narrow."),
    beat_types=(
        BeatType("A", _("Atrial premature beat"), _("an early impulse from the atria")),
        BeatType("a", _("Aberrated atrial premature beat"), _("so early that part of the conduction still rests")),
        BeatType("J", _("Nodal (junctional) premature beat"), _("an early impulse from the AV junction")),
        BeatType("S", _("Supraventricular premature beat"), _("early, from the atria or the AV junction")),
    ),
)
VENTRICULAR: Final = AamiClass(
    letter="V",
    name=_("Ventricular ectopic beat"),
    short_name=_("Ventricular"),
    shape=_("diamond"),
    summary=_("A beat that starts in the ventricles themselves."),
    look=_(
        "Wide and unlike its neighbours, usually with no P wave before it and with the T wave pointing away from the "
        "QRS. A premature one comes early and is often followed by a pause; an escape beat comes late."
    ),
    meaning=_(
        "Single ones occur in healthy hearts too. How many there are, whether they come in pairs or runs, and the "
        "state of the heart decide what they mean; that judgement belongs to a physician."
    ),
    picture_text=_("One heartbeat of class V: a wide, tall complex without a P wave before it."),
    beat_types=(
        BeatType("V", _("Premature ventricular contraction"), _("an early impulse from a ventricle")),
        BeatType("E", _("Ventricular escape beat"), _("a ventricle steps in after a long pause")),
    ),
)
FUSION: Final = AamiClass(
    letter="F",
    name=_("Fusion beat"),
    short_name=_("Fusion"),
    shape=_("square"),
    summary=_("A normal and a ventricular impulse meet and activate the ventricles together."),
    look=_(
        "In between: its shape lies between that of the normal beats and that of the ventricular beats of the same "
        "person, and its P wave is often there."
    ),
    meaning=_(
        "It shows that a ventricular focus is active. It is rare and the hardest class to name from a picture; "
        "cardiologists disagree about it, and so do models."
    ),
    picture_text=_("One heartbeat of class F: its shape lies between a normal and a ventricular beat."),
    beat_types=(BeatType("F", _("Fusion of ventricular and normal beat"), _("both impulses share one complex")),),
)
UNKNOWN: Final = AamiClass(
    letter="Q",
    name=_("Unknown beat"),
    short_name=_("Unknown"),
    shape=_("hexagon"),
    summary=_("A paced beat, or one that cannot be put into a class."),
    look=_(
        "A paced beat often begins with a thin vertical spike of the pacemaker and has a wide QRS. An unclassifiable "
        "beat may be anything: often noise covers it."
    ),
    meaning=_(
        "It does not mean that something is wrong. A pacemaker may be doing its work, or the recording is too "
        "disturbed at this place for anyone to say."
    ),
    picture_text=_("One heartbeat of class Q: a thin pacemaker spike followed by a wide complex."),
    beat_types=(
        BeatType("/", _("Paced beat"), _("started by a pacemaker")),
        BeatType("f", _("Fusion of paced and normal beat"), _("the pacemaker and the heart act together")),
        BeatType("Q", _("Unclassifiable beat"), _("a person could not name it either")),
    ),
)

AAMI_CLASSES: Final[tuple[AamiClass, ...]] = (NORMAL, SUPRAVENTRICULAR, VENTRICULAR, FUSION, UNKNOWN)
AAMI_CLASS_OF_LETTER: Final[dict[str, AamiClass]] = {aami.letter: aami for aami in AAMI_CLASSES}
