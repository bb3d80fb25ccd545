import re

import pytest
from django.urls import reverse
from django.utils import timezone

from classify.registry.models import Deployment, ModelEvent
from classify.registry.services import model_promote, shadow_start
from tests.support.people import signed_in
from tests.support.registry import artifact_write, manifest_of

pytestmark = pytest.mark.django_db
LIST = "/settings/hospital/models/"
CARD = """# Card

| | accuracy |
|---|---|
| strips | 0.9 |

<script>alert(1)</script> [x](javascript:alert(1))
"""


def url(name, version):
    return reverse(f"registry:{name}", args=[version.pk])


@pytest.fixture
def ann(admin_ann_client):
    return admin_ann_client


@pytest.fixture
def old(make_version):
    make_version("beat", "1.0.0")
    return make_version("context", "1.0.0")


@pytest.fixture
def new(old, make_version):
    return make_version("context", "2.0.0", f1=0.85)


def said(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'").split())


def send(client, address, **fields):
    return client.post(address, fields, follow=True)


def test_the_list_shows_what_is_in_use_first_with_figures_from_new_patients(ann, old, new):
    text = said(ann.get(LIST))
    assert text.index("beatline-context 1.0.0 In use") < text.index("beatline-context 2.0.0 Available 0.850")
    assert "New patients (DS2), strips of 10 s" in text


def test_the_list_says_what_cannot_be_classified(ann, old, model_folder):
    (model_folder / "context" / "1.0.0" / "network.keras").unlink()
    assert "Strips can't be classified: the file of beatline-context 1.0.0 is missing" in said(ann.get(LIST))


def test_an_administrator_sees_on_today_that_a_model_is_missing(ann, old, model_folder):
    assert "can't be classified" not in said(ann.get("/today/"))
    (model_folder / "context" / "1.0.0" / "network.keras").unlink()
    assert "Strips can't be classified" in said(ann.get("/today/"))


def test_an_empty_registry_says_the_first_step(ann, model_folder):
    assert "No model is registered" in said(ann.get(LIST))


def test_the_list_asks_the_same_number_of_questions_however_many_there_are(
    ann, new, make_version, django_assert_max_num_queries
):
    for number in range(3, 9):
        make_version("context", f"{number}.0.0")
    with django_assert_max_num_queries(12):
        ann.get(LIST)


def test_looking_for_new_models_registers_them_and_names_what_is_wrong(ann, old, model_folder):
    artifact_write(model_folder, manifest_of("context", "2.0.0"))
    broken = artifact_write(model_folder, manifest_of("context", "3.0.0"))
    (broken / "network.keras").write_bytes(b"other")
    text = said(send(ann, reverse("registry:look")))
    assert "beatline-context 2.0.0 is registered" in text
    assert "context/3.0.0 was left out" in text
    assert ModelEvent.objects.get(version__version="2.0.0").by.full_name == "Admin_Ann"


def test_the_model_page_shows_figures_card_and_history(ann, new, model_folder):
    (model_folder / "context" / "2.0.0" / "model_card.md").write_text(CARD)
    page = ann.get(url("model", new)).content.decode()
    assert "0.850 / 0.850 / <strong>0.850</strong>" in page
    assert "<h3>Card</h3>" in page
    assert '<th scope="col"><span class="visually-hidden">Row</span></th>' in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "Registered" in page


def test_a_model_whose_file_is_another_shows_neither_its_card_nor_its_plots(ann, new, model_folder):
    (model_folder / "context" / "2.0.0" / "network.keras").write_bytes(b"other")
    text = said(ann.get(url("model", new)))
    assert "is not the one that was registered" in text
    assert "A card." not in text


def test_the_manifest_is_downloaded_as_it_was_registered(ann, new):
    answer = ann.get(url("manifest", new))
    assert answer.json() == new.manifest
    assert answer["Content-Disposition"] == 'attachment; filename="beatline-context-2.0.0.json"'


def test_plots_are_served_with_a_policy_of_their_own(ann, new, model_folder, tmp_path):
    folder = model_folder / "context" / "2.0.0" / "plots"
    folder.mkdir()
    (folder / "reliability.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "notes.txt").write_text("no plot")
    (tmp_path / "secret.svg").write_text("secret")
    (folder / "link.svg").symlink_to(tmp_path / "secret.svg")
    (folder / "records-whole-oracle.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = ann.get(url("model", new)).content.decode()
    assert "Plot: Reliability" in page
    assert "<figcaption>Records whole annotated R peaks</figcaption>" in page
    answer = ann.get(reverse("registry:plot", args=[new.pk, "reliability.svg"]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    for name in ("notes.txt", "link.svg", "..%2Fmanifest.json", "missing.svg"):
        assert ann.get(f"{url('model', new)}plots/{name}").status_code == 404


def test_promoting_shows_both_models_side_by_side_and_then_says_what_happened(ann, old, new):
    text = said(ann.get(url("promote", new)))
    assert "In use: beatline-context 1.0.0" in text
    assert "+0.050 better" in text
    assert "has not run as a shadow" in text
    text = said(send(ann, url("promote", new), instead_of=old.pk, reason="Better on S"))
    assert "beatline-context 2.0.0 is in use from the next picture on" in text
    assert "Promoted in the place of beatline-context 1.0.0" in text
    assert "Better on S" in text
    assert Deployment.objects.get(kind="context").version == new


def test_a_worse_model_has_its_reasons_in_words_and_no_button(ann, old, make_version):
    worse = make_version("context", "2.0.0", f1=0.7)
    page = ann.get(url("promote", worse)).content.decode()
    assert "Worse: macro F1 of N S V F on DS2, whole recordings of 30 min, annotated R peaks: 0.7000" in page
    assert 'name="reason"' not in page
    answer = ann.post(url("promote", worse), {"instead_of": old.pk, "reason": "I insist"})
    assert answer.status_code == 422
    assert Deployment.objects.get(kind="context").version == old


def test_a_promotion_without_a_reason_keeps_the_page(ann, old, new):
    answer = ann.post(url("promote", new), {"instead_of": old.pk, "reason": " "})
    assert answer.status_code == 422
    assert "Say why, for whoever looks at the history." in said(answer)
    assert "This field is required" not in said(answer)


def test_who_was_overtaken_sees_the_new_model_in_use_and_keeps_the_reason(ann, old, new, make_version, admin_ann_actor):
    third = make_version("context", "3.0.0", f1=0.9)
    model_promote(actor=admin_ann_actor, candidate=new, instead_of=old.pk, reason="x", at=timezone.now())
    answer = ann.post(url("promote", third), {"instead_of": old.pk, "reason": "My long reason"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody else has changed the model in use meanwhile: it is beatline-context 2.0.0" in page
    assert f'value="{new.pk}"' in page
    assert "My long reason" in page


def test_the_model_in_use_cannot_be_promoted_again(ann, old):
    assert "is in use already" in said(ann.get(url("promote", old), follow=True))


def test_rolling_back_goes_through_a_page_that_says_that_no_figure_stands_against_it(ann, old, new, admin_ann_actor):
    address = reverse("registry:roll_back", args=["context"])
    assert ann.get(address).status_code == 404
    model_promote(actor=admin_ann_actor, candidate=new, instead_of=old.pk, reason="x", at=timezone.now())
    assert f"Roll back to {old}" in said(ann.get(LIST))
    assert "They do not stand against rolling back" in said(ann.get(address))
    text = said(send(ann, address, instead_of=new.pk, reason="Too many false S"))
    assert "beatline-context 1.0.0 is in use again" in text
    assert Deployment.objects.get(kind="context").version == old
    assert "Roll back" not in said(ann.get(LIST))
    assert ann.get(address).status_code == 404


def test_rolling_back_is_not_offered_where_the_earlier_model_is_gone(ann, old, new, model_folder, admin_ann_actor):
    model_promote(actor=admin_ann_actor, candidate=new, instead_of=old.pk, reason="x", at=timezone.now())
    (model_folder / "context" / "1.0.0" / "network.keras").unlink()
    assert "Roll back" not in said(ann.get(LIST))
    assert "Roll back" not in said(ann.get(url("model", new)))
    answer = ann.post(reverse("registry:roll_back", args=["context"]), {"instead_of": new.pk, "reason": "x"})
    assert answer.status_code == 422
    assert "is missing" in said(answer)


@pytest.mark.parametrize("kind", ["nothing", "beat"])
def test_there_is_no_page_to_roll_back_what_has_no_predecessor(ann, old, kind):
    assert ann.get(reverse("registry:roll_back", args=[kind])).status_code == 404


def test_a_shadow_is_started_and_stopped_by_buttons(ann, old, new):
    text = said(send(ann, url("shadow_start", new)))
    assert "runs as a shadow from the next picture on" in text
    assert "Nothing to compare yet" in text
    assert "A shadow since" in text
    assert "The shadow is stopped" in said(send(ann, url("shadow_stop", new)))
    assert "is no shadow any more" in said(send(ann, url("shadow_stop", new)))


def test_what_was_never_a_shadow_does_not_say_that_it_was(ann, old, new):
    for version in (old, new):
        text = said(ann.get(url("shadow", version)))
        assert "It has never run as a shadow." in text
        assert "what it said before" not in text


def test_a_former_shadow_in_use_says_that_this_is_from_before(ann, old, new, admin_ann_actor):
    shadow_start(actor=admin_ann_actor, candidate=new, reason="", at=timezone.now())
    model_promote(actor=admin_ann_actor, candidate=new, instead_of=old.pk, reason="x", at=timezone.now())
    assert "Here stands what it said before, as a shadow" in said(ann.get(url("shadow", new)))


def test_a_failure_of_the_shadow_stands_on_its_page(ann, old, new, admin_ann_actor):
    shadow_start(actor=admin_ann_actor, candidate=new, reason="", at=timezone.now())
    Deployment.objects.filter(role="shadow").update(problem="RuntimeError at layers.py:9", problem_at=timezone.now())
    assert "RuntimeError at layers.py:9" in said(ann.get(url("shadow", new)))


def test_an_administrator_of_another_hospital_sees_that_it_was_done_and_neither_by_whom_nor_why(
    ann, old, new, join, county, admin_ann_actor
):
    reason = "Mrs Miller's S beats"
    model_promote(actor=admin_ann_actor, candidate=new, instead_of=old.pk, reason=reason, at=timezone.now())
    assert reason in said(ann.get(url("model", new)))
    text = said(signed_in(join(county, "cleo", "administrator")).get(url("model", new)))
    assert "an administrator of another hospital" in text
    assert "Admin_Ann" not in text
    assert "Miller" not in text
    assert "The reason stands with the hospital that gave it." in text


def test_who_gives_a_reason_is_told_who_reads_it(ann, old, new):
    assert "Administrators of this hospital read it in the history. Name no patient." in said(
        ann.get(url("promote", new))
    )
