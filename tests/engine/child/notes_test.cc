// Where what was said contradicts itself, as tables: each code with the nearest thing that is no
// contradiction.
#include "engine/child/notes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/child/live.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;
using testing::ElementsAre;
using testing::IsEmpty;

// A rule that waits for a milestone which may come after a referral was closed.
const char kBook[] =
    R"(rule { id: "TELL" start { is: "referral_completed" } stop { is: "told_back" }
                               accountable: "asked" limit { allow { working_days: 2 } }
                               level { name: "overdue" } } )";

// "code at ID against ID", whatever the order of arrival.
std::vector<std::string> NotesOf(const std::vector<Said>& said, absl::string_view more = "") {
  const Books books = story::BooksOf(absl::StrCat(kBook, more));
  std::vector<Event> events = story::EventsOf(said);
  std::vector<std::string> first;
  for (int turn = 0; turn < 2; ++turn) {
    const std::vector<Event> live = Corrected(events).events;
    std::vector<std::string> words;
    for (const Note& note : Notes(live, Draw(live, books), books)) {
      const auto at = std::find_if(live.begin(), live.end(), [&](const Event& event) {
        return event.position == note.position;
      });
      EXPECT_NE(at, live.end());
      if (at == live.end()) continue;
      words.push_back(absl::StrCat(NoteName(note.code), " at ", at->open.event_id(), " against ",
                                   note.against_event_id));
    }
    if (turn == 1) {
      EXPECT_EQ(words, first) << "another order of arrival";
    }
    first = words;
    std::reverse(events.begin(), events.end());
  }
  return first;
}

Said Made(const char* at) { return Said("referral_made", at).In("m").To("b").Id("made"); }
Said Accepted(const char* at) {
  return Said("referral_accepted", at).In("m").By("b").Id("accepted");
}
Said Completed(const char* at) {
  return Said("referral_completed", at).In("m").By("b").Id("completed");
}
Said Part(Said said, const char* part) {
  said.open.set_part(part);
  return said;
}
Said Effective(Said said, const char* at) {
  *said.open.mutable_effective() = Said("m", at).open.occurred();
  return said;
}

TEST(AcceptedBeforeMade, IsNotedAtTheAcceptance) {
  EXPECT_THAT(NotesOf({Accepted("2026-01-05 09:00"), Made("2026-01-05 10:00")}),
              ElementsAre("accepted_before_made at accepted against made"));
  EXPECT_THAT(NotesOf({Accepted("2026-01-05"), Made("2026-01-06")}),
              ElementsAre("accepted_before_made at accepted against made"));
  EXPECT_THAT(NotesOf({Said("handover_accepted", "2026-01-05").In("m").By("b").Id("accepted"),
                       Said("handover_offered", "2026-01-06").In("m").To("b").Id("offered")}),
              ElementsAre("accepted_before_made at accepted against offered"));
}

TEST(AcceptedBeforeMade, IsNotNotedWhereADayCannotTell) {
  EXPECT_THAT(NotesOf({Accepted("2026-01-05"), Made("2026-01-05 10:00")}), IsEmpty());
  EXPECT_THAT(NotesOf({Accepted("2026-01-05 09:00"), Made("2026-01-05")}), IsEmpty());
  EXPECT_THAT(NotesOf({Accepted("2026-01-05"), Made("2026-01-05")}), IsEmpty());
  EXPECT_THAT(NotesOf({Accepted("2026-01-05 10:00"), Made("2026-01-05 10:00")}), IsEmpty());
}

// A day of London ends an hour earlier than that of UTC in summer.
TEST(AcceptedBeforeMade, KeepsTheDaysOfTheBooksZone) {
  EXPECT_THAT(NotesOf({Accepted("2026-07-06"), Made("2026-07-07 00:30")}),
              ElementsAre("accepted_before_made at accepted against made"));
  EXPECT_THAT(NotesOf({Accepted("2026-07-06 23:30"), Made("2026-07-07")}),
              ElementsAre("accepted_before_made at accepted against made"));
}

TEST(AcceptedBeforeMade, IsNotNotedWhileNothingSaysWhenItWasMade) {
  EXPECT_THAT(NotesOf({Accepted("2026-01-05 09:00")}), IsEmpty());
  EXPECT_THAT(NotesOf({Accepted("2026-01-05 09:00"), Made("2026-01-04 10:00"),
                       Made("2026-01-06 10:00").Id("again")}),
              IsEmpty());
  // Other matters, and the standing one, say nothing of this.
  EXPECT_THAT(NotesOf({Accepted("2026-01-05 09:00"),
                       Said("referral_made", "2026-01-06 10:00").In("n").To("b")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Said("referral_accepted", "2026-01-05 09:00"),
                       Said("referral_made", "2026-01-06 10:00").To("b")}),
              IsEmpty());
}

TEST(AcceptedBeforeMade, GoesWithTheCorrectionThatTakesItBack) {
  const Said accepted = Accepted("2026-01-05 09:00"), made = Made("2026-01-06 10:00");
  EXPECT_THAT(NotesOf({accepted, made, Made("2026-01-04 10:00").Replacing("made")}), IsEmpty());
  EXPECT_THAT(NotesOf({accepted, made, Said::Voiding("made")}), IsEmpty());
  EXPECT_THAT(NotesOf({accepted, made, Accepted("2026-01-06 11:00").Replacing("accepted")}),
              IsEmpty());
}

TEST(AcceptedBeforeMade, ComesWithTheCorrectionThatMakesIt) {
  EXPECT_THAT(NotesOf({Accepted("2026-01-05 09:00"), Made("2026-01-04 10:00"),
                       Made("2026-01-06 10:00").Replacing("made")}),
              ElementsAre("accepted_before_made at accepted against made"));
}

Said Placed(const char* at, const char* by) {
  return Said("episode_opened", at).By(by).In(by).Id(absl::StrCat(by, " holds"));
}

TEST(TwoHolders, AreNotedAtTheSecond) {
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "a"), Placed("2026-01-06 09:00", "b")}),
              ElementsAre("two_holders at b holds against a holds"));
  // Both days are over at some time, and nobody has let go.
  EXPECT_THAT(NotesOf({Placed("2026-01-05", "a"), Placed("2026-01-05", "b")}),
              ElementsAre("two_holders at b holds against a holds"));
}

TEST(TwoHolders, AreNotNotedWhereOneMayHaveLetGoBefore) {
  const auto closed = [](const char* at) { return Said("episode_closed", at).In("a"); };
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "a"), closed("2026-01-06 09:00"),
                       Placed("2026-01-06 09:00", "b")}),
              IsEmpty());
  EXPECT_THAT(
      NotesOf({Placed("2026-01-05", "a"), closed("2026-01-06"), Placed("2026-01-06 00:30", "b")}),
      IsEmpty());
  EXPECT_THAT(
      NotesOf({Placed("2026-01-05", "a"), closed("2026-01-06 12:00"), Placed("2026-01-06", "b")}),
      IsEmpty());
  EXPECT_THAT(
      NotesOf({Placed("2026-01-05", "a"), closed("2026-01-07 12:00"), Placed("2026-01-06", "b")}),
      ElementsAre("two_holders at b holds against a holds"));
}

TEST(TwoHolders, HoldTheSamePart) {
  EXPECT_THAT(NotesOf({Part(Placed("2026-01-05 09:00", "a"), "health"),
                       Part(Placed("2026-01-06 09:00", "b"), "school")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Part(Placed("2026-01-05 09:00", "a"), "health"),
                       Part(Placed("2026-01-06 09:00", "b"), "health")}),
              ElementsAre("two_holders at b holds against a holds"));
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "a"),
                       Placed("2026-01-06 09:00", "a").In("n").Id("again")}),
              IsEmpty());
}

TEST(TwoHolders, DoNotComeOfCover) {
  const Said cover = Said("cover_started", "2026-01-06 09:00").In("cover").To("b").Id("cover");
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "a"), cover}), IsEmpty());
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "a"), cover,
                       Said("cover_started", "2026-01-07 09:00").In("more").To("c").Id("more")}),
              ElementsAre("two_holders at more against cover"));
  // Nobody else holds while somebody stands in.
  const Said ended = Said("cover_ended", "2026-01-09 09:00").In("cover");
  const Said closed = Said("episode_closed", "2026-01-08 09:00").In("a");
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "a"), cover, ended, closed,
                       Placed("2026-01-07 09:00", "c")}),
              IsEmpty());
  EXPECT_THAT(
      NotesOf({Placed("2026-01-05 09:00", "a"), cover, ended, Placed("2026-01-07 09:00", "c")}),
      ElementsAre("two_holders at c holds against a holds"));
  // They hold at once until somebody stands in.
  EXPECT_THAT(NotesOf({Placed("2026-01-03 09:00", "a"), Placed("2026-01-04 09:00", "c"), cover,
                       Said("episode_closed", "2026-01-08 09:00").In("a")}),
              ElementsAre("two_holders at c holds against a holds"));
}

TEST(TwoHolders, HoldFromTheEffectiveTimeOfAHandover) {
  const Said handover =
      Said("handover_completed", "2026-01-06 09:00").In("h").To("c").Id("handover");
  const std::string passing = R"(passing { on { is: "placed" } from: "agency:a" to: "agency:d" })";
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "a"), handover}), IsEmpty());
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "b"), Effective(handover, "2026-01-09")}),
              ElementsAre("two_holders at handover against b holds"));
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "b"),
                       Said("episode_closed", "2026-01-08 09:00").By("b").In("b"),
                       Effective(handover, "2026-01-09")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "b"),
                       Said("placed", "2026-01-06 09:00").In("p").Id("placed")},
                      passing),
              ElementsAre("two_holders at placed against b holds"));
}

TEST(TwoHolders, GoWithTheirCorrection) {
  EXPECT_THAT(NotesOf({Placed("2026-01-05 09:00", "b"), Placed("2026-01-06 09:00", "a"),
                       Said::Voiding("a holds")}),
              IsEmpty());
}

TEST(CompletedTwice, IsNotedAtTheSecond) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00"),
                       Completed("2026-01-09 09:00").Id("again")}),
              ElementsAre("completed_twice at again against completed"));
}

// Both sides may tell of one completion.
TEST(CompletedTwice, IsNotNotedWhereItMayBeOneCompletion) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00"),
                       Completed("2026-01-08").By("a").Id("told")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00"),
                       Completed("2026-01-08 09:00").By("a").Id("told")}),
              IsEmpty());
}

TEST(CompletedTwice, IsNotNotedAfterItMayHaveBeenOpenedAgain) {
  const auto reopened = [](const char* at) { return Said("referral_reopened", at).In("m"); };
  const Said first = Completed("2026-01-08 09:00"), again = Completed("2026-01-12 09:00").Id("2");
  EXPECT_THAT(NotesOf({Made("2026-01-05"), first, reopened("2026-01-09"), again}), IsEmpty());
  EXPECT_THAT(NotesOf({Made("2026-01-05"), first, reopened("2026-01-08"), again}), IsEmpty());
  EXPECT_THAT(NotesOf({Made("2026-01-05"), first, reopened("2026-01-07"), again}),
              ElementsAre("completed_twice at 2 against completed"));
  EXPECT_THAT(NotesOf({Made("2026-01-05"), first, reopened("2026-01-13"), again}),
              ElementsAre("completed_twice at 2 against completed"));
}

TEST(CompletedTwice, IsOfOnePartOfAHandover) {
  const auto passed = [](const char* at, const char* part) {
    return Part(Said("handover_completed", at).In("m").To("b").Id(absl::StrCat(part, at)), part);
  };
  EXPECT_THAT(NotesOf({passed("2026-01-05", "school"), passed("2026-01-06", "health")}), IsEmpty());
  EXPECT_THAT(NotesOf({passed("2026-01-05", "school"), passed("2026-01-06", "school")}),
              ElementsAre("completed_twice at school2026-01-06 against school2026-01-05"));
}

TEST(CompletedTwice, GoesWithItsCorrection) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00").By("a"),
                       Completed("2026-01-09 09:00").Id("again"), Said::Voiding("completed")}),
              IsEmpty());
}

TEST(EventAfterClosure, IsNotedAtTheEvent) {
  for (const char* closing : {"referral_completed", "referral_withdrawn", "referral_expired"}) {
    for (const char* later : {"appointment_attended", "service_started", "no_rule_names_this",
                              "clock_paused", "exception_authorised"}) {
      EXPECT_THAT(
          NotesOf({Made("2026-01-05"), Said(closing, "2026-01-08 09:00").In("m").Id("closed"),
                   Said(later, "2026-01-09 09:00").In("m").Id("later")}),
          ElementsAre("event_after_closure at later against closed"))
          << closing << " " << later;
    }
  }
  EXPECT_THAT(NotesOf({Said("handover_offered", "2026-01-05").In("m").To("b"),
                       Said("handover_cancelled", "2026-01-08").In("m").Id("closed"),
                       Said("handover_accepted", "2026-01-09").In("m").By("b").Id("later")}),
              ElementsAre("event_after_closure at later against closed"));
  EXPECT_THAT(NotesOf({Said("episode_closed", "2026-01-08").In("m").Id("closed"),
                       Said("episode_closed", "2026-01-09").In("m").Id("later")}),
              ElementsAre("event_after_closure at later against closed"));
}

TEST(EventAfterClosure, IsNotNotedWhereADayCannotTell) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00"),
                       Said("service_started", "2026-01-08").In("m")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08"),
                       Said("service_started", "2026-01-08 17:00").In("m")}),
              IsEmpty());
}

TEST(EventAfterClosure, IsNotNotedOfWhatMayComeAnyTime) {
  for (const char* later : {"child_voice_recorded", "strength_recorded", "basis_recorded",
                            "told_back", "information_pack_received", "cover_started",
                            "referral_made", "referral_reopened", "handover_offered"}) {
    EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00"),
                         Said(later, "2026-01-09 09:00").In("m").To("c")}),
                IsEmpty())
        << later;
  }
  // The work begins when the child is found.
  EXPECT_THAT(NotesOf({Said("episode_opened", "2026-01-05").In("m"),
                       Said("episode_closed", "2026-01-08").In("m"),
                       Said("interview_offered", "2026-01-09").In("m")}),
              IsEmpty());
  // Before responsibility passes nothing has ended.
  EXPECT_THAT(NotesOf({Said("handover_offered", "2026-01-05").In("m").To("b"),
                       Effective(Said("handover_completed", "2026-01-06").In("m"), "2026-02-01"),
                       Said("handover_accepted", "2026-01-09").In("m").By("b")}),
              IsEmpty());
}

TEST(EventAfterClosure, IsNotNotedAfterItWasOpenedAgain) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00"),
                       Said("referral_reopened", "2026-01-09").In("m"),
                       Said("service_started", "2026-01-10").In("m")}),
              IsEmpty());
}

TEST(EventAfterClosure, GoesWithItsCorrection) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Completed("2026-01-08 09:00").By("a"),
                       Said("service_started", "2026-01-10").In("m"),
                       Completed("2026-01-11 09:00").By("a").Replacing("completed")}),
              IsEmpty());
}

TEST(StepByNoParty, IsNotedAtTheStep) {
  for (const char* step : {"referral_received", "referral_accepted", "referral_declined",
                           "waitlisted", "service_started", "referral_completed"}) {
    EXPECT_THAT(NotesOf({Made("2026-01-05"), Said(step, "2026-01-06").In("m").By("c").Id("step")}),
                ElementsAre("step_by_no_party at step against made"))
        << step;
  }
  EXPECT_THAT(NotesOf({Said("handover_offered", "2026-01-05").In("m").To("b").Id("offered"),
                       Said("handover_accepted", "2026-01-06").In("m").By("c").Id("step")}),
              ElementsAre("step_by_no_party at step against offered"));
}

TEST(StepByNoParty, IsNotNotedOfWhoeverOpenedAskedOrWasAsked) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Said("referral_withdrawn", "2026-01-06").In("m"),
                       Accepted("2026-01-06")}),
              IsEmpty());
  const Said redirected =
      Said("referral_redirected", "2026-01-06").In("m").By("b").To("c").Id("on");
  EXPECT_THAT(NotesOf({Made("2026-01-05"), redirected,
                       Said("referral_accepted", "2026-01-07").In("m").By("c")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Made("2026-01-05"), redirected,
                       Said("referral_accepted", "2026-01-05 09:00").In("m").By("c").Id("early")}),
              ElementsAre("step_by_no_party at early against made"));
  EXPECT_THAT(NotesOf({Made("2026-01-05"), redirected,
                       Said("referral_accepted", "2026-01-06 09:00").In("m").By("c")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Made("2026-01-05").By("d"),
                       Said("referral_withdrawn", "2026-01-06").In("m").By("d")}),
              IsEmpty());
}

TEST(StepByNoParty, NamesItselfInVain) {
  EXPECT_THAT(
      NotesOf({Made("2026-01-05"),
               Said("referral_redirected", "2026-01-06").In("m").By("c").To("c").Id("step")}),
      ElementsAre("step_by_no_party at step against made"));
}

TEST(StepByNoParty, IsNotNotedWhereNobodyCanTell) {
  EXPECT_THAT(NotesOf({Said("referral_made", "2026-01-05").In("m"),
                       Said("referral_accepted", "2026-01-06").In("m").By("c")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Said("referral_accepted", "2026-01-06").In("m").By("c")}), IsEmpty());
  for (const char* step : {"information_supplied", "child_seen", "child_voice_recorded",
                           "cover_started", "episode_closed"}) {
    EXPECT_THAT(NotesOf({Made("2026-01-05"), Said(step, "2026-01-06").In("m").By("c")}), IsEmpty())
        << step;
  }
}

TEST(StepByNoParty, GoesWithItsCorrection) {
  EXPECT_THAT(NotesOf({Made("2026-01-05"), Said("referral_accepted", "2026-01-06").In("m").By("c"),
                       Made("2026-01-05").To("c").Replacing("made")}),
              IsEmpty());
}

TEST(MilestoneBeforeOpened, IsNotedAtTheMilestone) {
  for (const char* opening : {"referral_made", "handover_offered", "episode_opened"}) {
    EXPECT_THAT(NotesOf({Said("child_seen", "2026-01-05").In("m").Id("seen"),
                         Said(opening, "2026-01-06").In("m").To("b").Id("opened")}),
                ElementsAre("milestone_before_opened at seen against opened"))
        << opening;
  }
}

TEST(MilestoneBeforeOpened, IsNotNotedWhereADayCannotTellOrNothingOpens) {
  EXPECT_THAT(NotesOf({Said("child_seen", "2026-01-05 08:00").In("m"), Made("2026-01-05")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Said("child_seen", "2026-01-05").In("m"), Made("2026-01-05 09:00")}),
              IsEmpty());
  EXPECT_THAT(NotesOf({Said("child_seen", "2026-01-05").In("m")}), IsEmpty());
  EXPECT_THAT(NotesOf({Said("child_seen", "2026-01-05"), Said("episode_opened", "2026-01-06")}),
              IsEmpty());
}

TEST(MilestoneBeforeOpened, GoesWithItsCorrection) {
  EXPECT_THAT(NotesOf({Said("child_seen", "2026-01-05").In("m").Id("seen"), Made("2026-01-06"),
                       Said("child_seen", "2026-01-07").In("m").Replacing("seen")}),
              IsEmpty());
}

TEST(Notes, StandInTheOrderOfEvents) {
  EXPECT_THAT(NotesOf({Completed("2026-01-10").By("c"), Made("2026-01-06"),
                       Said("child_seen", "2026-01-05").In("m").Id("seen"),
                       Accepted("2026-01-05").Id("early"), Completed("2026-01-09").Id("first")}),
              ElementsAre("milestone_before_opened at seen against made",
                          "accepted_before_made at early against made",
                          "completed_twice at completed against first",
                          "step_by_no_party at completed against made"));
}

TEST(Notes, HaveANameAndWordsInBothLanguages) {
  for (const NoteCode code :
       {NoteCode::kAcceptedBeforeMade, NoteCode::kTwoHolders, NoteCode::kCompletedTwice,
        NoteCode::kEventAfterClosure, NoteCode::kStepByNoParty, NoteCode::kMilestoneBeforeOpened}) {
    EXPECT_FALSE(NoteName(code).empty());
    EXPECT_FALSE(NotePhrase(code).cy.empty());
    EXPECT_FALSE(NotePhrase(code).en.empty());
  }
}

}  // namespace
}  // namespace dolen
