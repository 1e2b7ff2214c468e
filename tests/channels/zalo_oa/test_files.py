"""Files on their way through the Official Account: uploaded once, named in words where Zalo takes them from nobody."""

import pytest

from bot.messages import Choice, DeliveryError, DeliveryOutcome, Enclosure, Reply
from tests import samples
from tests.channels import zalo_rules
from tests.channels.zalo import PAPERS, OaDesk
from tests.doubles_zalo import FakeOa, Follower


async def test_a_file_is_uploaded_once_for_many_people_and_again_when_zalo_forgot_it(
    desk: OaDesk, zalo: FakeOa, lan: Follower, enclosures: tuple[Enclosure, Enclosure]
) -> None:
    notice = [Reply("**Bản đồ**", files=enclosures)]
    people = [lan, *(zalo.person() for _ in range(5))]
    for person in people:
        await person.say(PAPERS)
    await desk.idles()
    for person in people:
        person.seen.clear()
        await desk.work.channel.send(person.id, notice)
        assert [(m.text, m.files) for m in person.seen] == [("Bản đồ", ("image Bản đồ.jpg",)), ("", ("file mau.pdf",))]
    assert [given["name"] for given in zalo.said("upload")] == ["Bản đồ.jpg", "mau.pdf"]
    zalo.uploads.clear()
    await desk.work.channel.send(lan.id, notice[:1])
    assert len(zalo.said("upload")) == 4
    assert lan.seen[-1].files == ("file mau.pdf",)


async def test_what_zalo_refuses_is_named_and_the_words_arrive_once(
    desk: OaDesk, zalo: FakeOa, lan: Follower, enclosures: tuple[Enclosure, Enclosure]
) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    lan.seen.clear()
    files = desk.services.files
    sheet = Enclosure(await files.keep(samples.excel(), name="danh sách.xlsx"))
    zalo.fail("upload", -201)
    await desk.work.channel.send(lan.id, [Reply("Danh sách", files=(enclosures[0], sheet))])
    assert [message.text.split(". ")[0] for message in lan.seen] == [
        "Danh sách\nKèm theo: Bản đồ thôn",
        "Kèm theo: danh sách.xlsx",
    ], "no address of ours is set"
    assert not any(message.files for message in lan.seen)
    await files.delete(enclosures[0].file.digest)
    await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=enclosures[:1])])
    assert lan.seen[-1].text.startswith("Bản đồ\nKèm theo: Bản đồ thôn")
    assert [message.text for message in lan.seen].count("Bản đồ") == 0


async def test_an_upload_that_breaks_off_has_sent_nothing(
    desk: OaDesk, zalo: FakeOa, lan: Follower, enclosures: tuple[Enclosure, Enclosure]
) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    lan.seen.clear()
    zalo.fail("upload", 502)
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("Bản đồ", files=enclosures)])
    assert (error.value.outcome, lan.seen) == (DeliveryOutcome.FAILED, []), "it may be tried again"
    zalo.fail("upload", 503)
    with pytest.raises(DeliveryError) as error:
        await desk.work.channel.send(lan.id, [Reply("Mẫu", (Choice("t", "Hỏi"),), files=enclosures)])
    assert (error.value.outcome, [m.text for m in lan.seen]) == (DeliveryOutcome.UNCERTAIN, ["Mẫu"]), "words had come"


async def test_a_large_picture_is_drawn_smaller_for_zalo(desk: OaDesk, zalo: FakeOa, lan: Follower) -> None:
    await lan.say(PAPERS)
    await desk.idles()
    large = await desk.services.files.keep(samples.noise((2_500, 1_800)), name="bien-ban.jpg")
    assert large.size > zalo_rules.MOST_PICTURE_BYTES
    await desk.work.channel.send(lan.id, [Reply("Biên bản", files=(Enclosure(large),))])
    assert lan.seen[-1].files == ("image bien-ban.jpg",)
