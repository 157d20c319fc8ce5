"""Notes and photos are kept once; of a picture nothing is kept but what can be seen."""

from io import BytesIO

import pytest
from PIL import Image

from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.models import Note, Photo
from dispatch.on_site import photos
from dispatch.on_site.notes import add_job_note
from dispatch.on_site.photos import add_photo, get_photo_data
from dispatch.on_site.pictures import clean_picture, make_small
from tests.dispatch.on_site.conftest import Act
from tests.dispatch.town import at, job_named, plan, user_of

POSITION, TAKEN, MAKER = 0x8825, 0x0132, 0x010F


def picture(kind="JPEG", size=(640, 480), colour="teal", turned=False, **options):
    """A picture as a camera makes it, with its maker, the time and where it was."""
    made = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif[MAKER], exif[TAKEN] = "Camera", "2026:11:23 09:00:00"
    exif.get_ifd(POSITION)[2] = (29.0, 54.0, 0.0)
    if turned:
        exif[0x0112] = 6
    out = BytesIO()
    made.save(out, kind, exif=exif, **options)
    return out.getvalue()


def test_the_same_note_sent_twice_is_one(town, on_site: Act):
    for moment in (at(8, 30), at(8, 31)):
        on_site(add_job_note, "The dog bites.", at=moment)
    on_site(add_job_note, "The dog is gone.")
    with town() as session:
        assert [note.text for note in session.query(Note)] == ["The dog bites.", "The dog is gone."]
        assert session.query(Note).first().at == at(8, 30)


@pytest.mark.parametrize("text", ["  ", "x" * 4_001])
def test_a_note_says_something_and_not_a_book(on_site: Act, text):
    with pytest.raises(InvalidInput, match="4,000"):
        on_site(add_job_note, text)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_kept_of_a_picture_but_its_pixels(kind):
    """No position, no time, no camera, whatever the file was."""
    sent = picture(kind)
    assert Image.open(BytesIO(sent)).getexif()[MAKER] == "Camera"
    kept = Image.open(BytesIO(clean_picture(sent)))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (640, 480), {})
    assert not {"exif", "comment", "xmp", "icc_profile"} & set(kept.info)


def test_a_picture_taken_upright_is_upright():
    assert Image.open(BytesIO(clean_picture(picture(turned=True)))).size == (480, 640)


def test_large_pictures_are_made_smaller_and_thumbnails_small():
    kept = clean_picture(picture(size=(4_000, 3_000)))
    assert Image.open(BytesIO(kept)).size == (2_000, 1_500)
    assert Image.open(BytesIO(make_small(kept))).size == (320, 240)


def test_what_is_transparent_becomes_white():
    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(BytesIO(clean_picture(out.getvalue()))).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"<svg onload='alert(1)'/>", picture()[:300], b"GIF89a" + bytes(40)],
    ids=["nothing", "a document", "a drawing with a script", "half a picture", "another kind"],
)
def test_what_only_claims_to_be_a_picture_is_refused(data):
    """The content decides, not the name."""
    with pytest.raises(InvalidInput, match="not a picture that can be kept"):
        clean_picture(data)


def test_a_small_file_with_a_huge_picture_is_refused_before_it_is_unpacked():
    out = BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(InvalidInput, match="9,000 by 9,000 pixels"):
        clean_picture(out.getvalue())


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(InvalidInput, match="at most 12,000,000"):
        clean_picture(bytes(12_000_001))


def test_the_same_photo_sent_twice_is_one(town, on_site: Act):
    ids = {on_site(add_photo, clean_picture(picture()), "The leak", at=at(8, 30)).id for _ in range(2)}
    assert len(ids) == 1
    with town() as session:
        [photo] = session.query(Photo)
        assert (photo.caption, photo.taken_at, photo.content_type) == ("The leak", at(8, 30), "image/jpeg")


def test_a_job_has_not_more_photos_than_anybody_looks_at(on_site: Act, monkeypatch):
    monkeypatch.setattr(photos, "MOST_OF_A_JOB", 1)
    on_site(add_photo, clean_picture(picture()), "")
    with pytest.raises(Conflict, match="1 photos already"):
        on_site(add_photo, clean_picture(picture(colour="red")), "")


def test_only_who_was_sent_there_and_the_office_see_a_photo(town, on_site: Act):
    """Not another technician, nor a manager, nor nobody."""
    photo_id = on_site(add_photo, clean_picture(picture()), "").id
    with town.begin() as session:
        people = [("T1", "technician"), ("EVE", "dispatcher"), ("AMY", "admin")]
        for code, role in people:
            assert get_photo_data(session, photo_id, user_of(session, code, role))[:2] == b"\xff\xd8"
        for stranger in (user_of(session, "T2"), user_of(session, "MAX", "manager"), None):
            with pytest.raises(Forbidden):
                get_photo_data(session, photo_id, stranger)
        with pytest.raises(NotFound):
            get_photo_data(session, 99, user_of(session, "T1"))


def test_who_is_sent_there_no_more_sees_it_no_more(town, on_site: Act):
    """The job went to somebody else before anybody began."""
    photo_id = on_site(add_photo, clean_picture(picture()), "").id
    with town.begin() as session:
        for wish in job_named(session, "J1").wishes:
            wish.wish = "excluded"
    plan(town, now=at(8))
    with town.begin() as session, pytest.raises(Forbidden):
        get_photo_data(session, photo_id, user_of(session, "T1"))
