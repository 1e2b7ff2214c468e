"""A quiz in the chat: one question after the other. All is stored, so anybody may go away and come back."""

from bot.events import quiz as service
from bot.events import words
from bot.events.questions import LETTERS
from bot.messages import Choice, Incoming, Reply
from bot.storage import consents, quizzes
from bot.storage.quizzes import Question, Quiz, Try
from handlers import actions
from handlers.ask import start_choices
from handlers.conversation import Awaiting, Conversation
from handlers.events import is_name
from handlers.feedback.words import contact
from handlers.services import Turn

MOST_LISTED = 8


def gives_name(incoming: Incoming, conversation: Conversation) -> bool:
    """Tell whether a message is the name or number that was asked for; a question goes its own way."""
    given = contact(incoming.text)
    is_contact = bool(given.phone) or given.has_bad_number or is_name(incoming.text)
    return conversation.awaiting is Awaiting.QUIZ_NAME and is_contact


async def listed(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:  # noqa: ARG001
    """The quizzes that are open, a button each; the only one there is at once."""
    found = await quizzes.open_at(turn.transaction, turn.now())
    if not found:
        return [Reply(turn.texts.say("quizzes.none"), start_choices(turn))]
    if len(found) == 1:
        return await _come_to(found[0], turn)
    choices = [actions.of(actions.QUIZ, quiz.name, quiz.id) for quiz in found[:MOST_LISTED]]
    return [Reply(turn.texts.say("quizzes.list"), tuple(choices))]


async def press(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Do what a button of a quiz says: begin it, answer a question of it, give a name."""
    _, arguments = actions.parse(incoming.choice or "")
    number, verb, given = (*arguments, "", "", "")[:3]
    quiz = await quizzes.get(turn.transaction, max(0, actions.number(number)))
    if quiz is None:
        return [Reply(turn.texts.say("quizzes.gone")), *await listed(incoming, conversation, turn)]
    if verb == "start":
        return await _start(quiz, incoming.channel, turn)
    if verb == "name":
        return await _agree(quiz, conversation, turn)
    if verb == "no_name":
        return [Reply(turn.texts.say("quizzes.no_name"), start_choices(turn))]
    if verb:
        return await _answer(quiz, actions.number(verb), actions.number(given), turn)
    return await _come_to(quiz, turn)


async def _come_to(quiz: Quiz, turn: Turn) -> list[Reply]:
    """Introduce a quiz, go on with it, or tell how it went."""
    tried = await quizzes.try_of(turn.transaction, quiz.id, turn.person)
    if tried:
        return await _where(quiz, tried, turn)
    if not service.is_open(quiz, turn.now()):
        return [_not_now(quiz, turn)]
    asked = await quizzes.questions(turn.transaction, quiz.id)
    until = words.moment(quiz.closes_at)
    text = turn.texts.say("quizzes.intro", name=quiz.name, intro=quiz.intro, count=len(asked), until=until)
    lines = (line for line in text.splitlines() if line.strip())
    return [Reply("\n".join(lines), (_button(quiz, "start", turn),))]


def _button(quiz: Quiz, verb: str, turn: Turn) -> Choice:
    return actions.of(actions.QUIZ, turn.texts.say(f"quiz_buttons.{verb}"), quiz.id, verb)


def _not_now(quiz: Quiz, turn: Turn) -> Reply:
    since, until = words.moment(quiz.opens_at), words.moment(quiz.closes_at)
    text = turn.texts.say("quizzes.not_now", name=quiz.name, since=since, until=until)
    return Reply(text, start_choices(turn))


async def _where(quiz: Quiz, tried: Try, turn: Turn) -> list[Reply]:
    """Tell where somebody's try stands: the question they have come to, or that it is over."""
    say, is_open = turn.texts.say, service.is_open(quiz, turn.now())
    if tried.left_at is not None:
        return [Reply(say("quizzes.left", name=quiz.name), start_choices(turn))]
    if tried.finished_at is None and not is_open:
        return [Reply(say("quizzes.too_late", name=quiz.name), start_choices(turn))]
    if tried.finished_at is None:
        return [Reply(say("quizzes.goes_on", name=quiz.name)), await _question(quiz, tried.answered, turn)]
    if is_open:
        return [Reply(say("quizzes.taken", name=quiz.name)), await _end(quiz, tried, turn)]
    return await service.results(turn.transaction, quiz, tried, turn.texts)


async def _start(quiz: Quiz, channel: str, turn: Turn) -> list[Reply]:
    if not service.is_open(quiz, turn.now()):
        return await _come_to(quiz, turn)
    quiz = await quizzes.get(turn.transaction, quiz.id, lock=True) or quiz  # its questions stay from here on
    if not await quizzes.begin(turn.transaction, quiz.id, turn.person, channel, now=turn.now()):
        return await _come_to(quiz, turn)
    return [await _question(quiz, 0, turn)]


async def _question(quiz: Quiz, number: int, turn: Turn) -> Reply:
    asked = await quizzes.questions(turn.transaction, quiz.id)
    return _asked(quiz, asked[number], number, len(asked), turn)


def _asked(quiz: Quiz, question: Question, number: int, count: int, turn: Turn) -> Reply:
    say = turn.texts.say
    lettered = list(zip(LETTERS, question.answers, strict=False))
    answers = "\n".join(say("quizzes.answer", letter=letter, text=text) for letter, text in lettered)
    text = say("quizzes.question", number=number + 1, count=count, text=question.text, answers=answers)
    choices = [actions.of(actions.QUIZ, letter, quiz.id, number, n) for n, (letter, _) in enumerate(lettered)]
    return Reply(f"{text}\n{say('quizzes.pick')}" if number == 0 else text, tuple(choices))


async def _answer(quiz: Quiz, number: int, given: int, turn: Turn) -> list[Reply]:
    tried = await quizzes.try_of(turn.transaction, quiz.id, turn.person)
    if tried is None or not service.is_open(quiz, turn.now()):
        return await _come_to(quiz, turn)
    asked = await quizzes.questions(turn.transaction, quiz.id)
    if not await service.answer(turn.transaction, tried, asked, number, given, now=turn.now()):
        return [Reply(turn.texts.say("quizzes.not_this")), *await _where(quiz, tried, turn)]
    if number + 1 < len(asked):
        return [_asked(quiz, asked[number + 1], number + 1, len(asked), turn)]
    done = await quizzes.try_of(turn.transaction, quiz.id, turn.person)
    return [await _end(quiz, done or tried, turn)]


async def _end(quiz: Quiz, tried: Try, turn: Turn) -> Reply:
    """Tell the score; ask once who they are, for the prize."""
    asked = await quizzes.questions(turn.transaction, quiz.id)
    text = turn.texts.say(
        "quizzes.finished",
        name=quiz.name,
        score=tried.score,
        count=len(asked),
        time=service.spoken(service.took(tried)),
        until=words.moment(quiz.closes_at),
    )
    if tried.name:
        return Reply(text, start_choices(turn))
    wish = turn.texts.say("quizzes.ask_name", days=turn.services.config.privacy.keep_questions_days)
    return Reply(f"{text}\n\n{wish}", (_button(quiz, "name", turn), _button(quiz, "no_name", turn)))


async def _agree(quiz: Quiz, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Ask who they are; giving it is the agreement."""
    tried = await quizzes.try_of(turn.transaction, quiz.id, turn.person)
    if tried is None or tried.finished_at is None or tried.left_at is not None:
        return await _come_to(quiz, turn)
    conversation.await_for_case(Awaiting.QUIZ_NAME, str(quiz.id))
    return [Reply(turn.texts.say("quizzes.agree_name"))]


async def named(incoming: Incoming, conversation: Conversation, turn: Turn) -> list[Reply]:
    """Keep the name and number that were typed, and that their giver agreed."""
    given = contact(incoming.text)
    if not given.name or not given.phone:
        return [Reply(turn.texts.say("quizzes.bad_name"))]
    conversation.awaiting = Awaiting.NOTHING
    quiz = actions.number(conversation.case)
    if not await quizzes.name(turn.transaction, quiz, turn.person, given.name, given.phone):
        return [Reply(turn.texts.say("quizzes.gone")), *await listed(incoming, conversation, turn)]
    await consents.give(turn.transaction, turn.person, service.PURPOSE, service.WORDING, now=turn.now())
    text = turn.texts.say("quizzes.named", person=given.name, phone=given.phone)
    return [Reply(text, start_choices(turn))]
