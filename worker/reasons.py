"""What each known end means, and what to do about it: two English sentences a code.

Here because the command line says them too; pages translate them (``classify/reasons.py``).
"""

from typing import Final


def _(sentence: str) -> str:
    """Marks a sentence for the message catalogue; whoever shows it translates it."""
    return sentence


REASONS: Final[dict[str, tuple[str, str]]] = {
    "unreadable_file": (_("The file cannot be read."), _("Check its name and whether you may open it.")),
    "empty_file": (_("The file is empty."), _("Choose the picture again, or export it anew.")),
    "truncated": (
        _("The file is cut short: its end is missing."),
        _("Copy or download it again, then send the whole file."),
    ),
    "unsupported_type": (
        _("This is not a kind of file that can be read."),
        _("Send a JPEG, PNG, BMP, TIFF, WebP, GIF, HEIC or PDF."),
    ),
    "type_mismatch": (
        _("The file is something else than its name or type says."),
        _("Save it again as the kind of file that it is, then send that."),
    ),
    "too_large": (_("The file is larger than 25 MB."), _("Send a smaller picture, or fewer pages.")),
    "too_many_pixels": (
        _("The picture has more than 40 megapixels."),
        _("Save it at a lower resolution; 200 dots per inch are enough."),
    ),
    "too_small": (
        _("The picture is too small to show a heartbeat."),
        _("Send the picture in its original size, at least 32 by 32 pixels."),
    ),
    "encrypted": (_("The PDF is protected by a password."), _("Save it without a password, then send that.")),
    "undecodable": (
        _("The file is damaged: it cannot be opened as a picture."),
        _("Open it on your computer, save it anew, and send that."),
    ),
    "too_many_pages": (_("The document has more than 20 pages."), _("Send only the pages that show the ECG.")),
    "no_such_page": (_("The document has no such page."), _("Name one of its pages, counted from 1.")),
    "blank_picture": (
        _("The picture is blank."),
        _("Send a picture in which the trace can be seen."),
    ),
    "not_an_ecg": (
        _("No ECG was found in this picture."),
        _("Send a picture of the whole sheet, strip or screen: straight on, sharp, with little else around it."),
    ),
    "several_leads": (
        _("The picture shows several leads that could not be read apart."),
        _("Have a physician read it, or send one lead, cut out as a strip of its own."),
    ),
    "dark_background": (
        _("The trace is light on a dark ground without squares that tell time and voltage."),
        _("Say how many seconds it shows, it is then read again; or have a physician read it."),
    ),
    "no_grid": (
        _("No squares were found, so neither time nor voltage can be told."),
        _("Say how many seconds it shows, it is then read again; or take the picture again: closer, flat and sharp."),
    ),
    "speed_unclear": (
        _("The speed of the paper is not printed, and nothing else tells 25 mm/s from 50 mm/s here."),
        _("Say the speed under “Correct the reading”, or have a physician read it."),
    ),
    "squares_unclear": (
        _("The lines that were found are not the paper's squares, so neither time nor voltage can be told."),
        _("Say how many seconds it shows, it is then read again; or take the picture again: closer, flat and sharp."),
    ),
    "part_of_sheet": (
        _("Only a part of the sheet was found: its curves run on beyond the edge that was taken for the sheet's."),
        _("Mark the sheet's corners under “Correct the reading”, or take the picture again in even light."),
    ),
    "side_unclear": (
        _("The picture stands on its side, and nothing printed tells which side is up."),
        _("Turn it under “Correct the reading”, so that each P wave comes before its QRS complex, or send it upright."),
    ),
    "trace_unclear": (
        _("The trace does not stand out clearly enough to be followed."),
        _("Have a physician read it, or take the picture again: flat, in even light, without shadow or glare."),
    ),
    "no_beats_found": (
        _("No heartbeats could be told apart on this trace."),
        _("Have a physician read it, or send a longer piece of the trace."),
    ),
    "too_many_unsure": (
        _("The model is unsure about too much of this ECG."),
        _("Have a physician read it before anyone relies on these classes."),
    ),
    "low_resolution": (
        _("The trace has too few pixels to be measured."),
        _("Have a physician read it, or send the picture in its original size."),
    ),
    "written_over": (
        _("Something is written over the trace, and beats may lie under it."),
        _("Have a physician read it, or send a picture of a copy without writing."),
    ),
    "several_pages": (
        _("The picture shows several sheets of paper."),
        _("Take a picture of each sheet by itself and send them one by one."),
    ),
    "too_dark": (
        _("The picture is too dark for the trace to be told from the paper."),
        _("Have a physician read it, or take the picture again in more light, without your shadow on the paper."),
    ),
    "glare": (
        _("A reflection hides part of the paper."),
        _("Have a physician read it, or take the picture again without flash, away from lamps and windows."),
    ),
    "cut_off": (
        _("The trace runs out of the picture: part of it is cut off."),
        _("Have a physician read it, or take the picture again so that all of the paper is in it."),
    ),
    "blurred": (
        _("The picture is blurred: the lines in it are smeared."),
        _("Have a physician read it, or take the picture again: tap on the trace to focus and hold the camera still."),
    ),
    "timeout": (
        _("Reading this picture took too long."),
        _("Try again. If it happens again, send a smaller picture and tell your administrator."),
    ),
    "worker_lost": (
        _("The worker stopped three times while it read this picture."),
        _("Try again. If it happens again, tell your administrator."),
    ),
    "internal": (
        _("Something went wrong on our side while this picture was read."),
        _("Try again. If it happens again, tell your administrator."),
    ),
}
