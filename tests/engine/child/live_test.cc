// What became of events by corrections, as tables.
#include "engine/child/live.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "engine/pathway/pattern.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;
using testing::ElementsAre;
using testing::IsEmpty;

// "id name occurred", in the order of events.
std::vector<std::string> Words(const std::vector<Event>& events) {
  std::vector<std::string> words;
  for (const Event& event : events) {
    words.push_back(absl::StrCat(event.open.event_id(), " ", EventName(event.open), " ",
                                 story::Text(event.MomentIn(Zone()).from)));
  }
  return words;
}

Said Sent(int minute, Said said) {
  *said.open.mutable_published() = ToTimestamp(absl::UnixEpoch() + absl::Minutes(minute));
  return said;
}

// What stands, what is void and how many roots are awaited, whatever the order of arrival.
struct Became {
  std::vector<std::string> live, voided;
  size_t awaited = 0;
};

Became After(const std::vector<Said>& said) {
  std::vector<Event> events = story::EventsOf(said);
  std::vector<size_t> order(events.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  Became first;
  bool is_first = true;
  do {
    std::vector<Event> arrived;
    for (const size_t i : order) arrived.push_back(events[i]);
    const Live live = Corrected(arrived);
    EXPECT_TRUE(std::is_sorted(live.awaited.begin(), live.awaited.end()));
    const Became became{Words(live.events), Words(live.voided), live.awaited.size()};
    if (is_first) first = became;
    is_first = false;
    EXPECT_EQ(became.live, first.live);
    EXPECT_EQ(became.voided, first.voided);
    EXPECT_EQ(became.awaited, first.awaited);
  } while (std::next_permutation(order.begin(), order.end()));
  return first;
}

const Said kHeld = Said("icpc", "2026-03-02 09:00").Id("E");

TEST(Live, WithoutCorrectionsEverythingStandsInOrder) {
  const Became became = After({Said("b", "2026-03-03 09:00").Id("2"), kHeld});
  EXPECT_THAT(became.live, ElementsAre("E icpc 2026-03-02 09:00", "2 b 2026-03-03 09:00"));
  EXPECT_THAT(became.voided, IsEmpty());
  EXPECT_EQ(became.awaited, 0u);
}

TEST(Live, AReplacedEventStandsWhereItsCorrectionSaysUnderItsOwnId) {
  const Became became =
      After({kHeld, Said("b", "2026-03-03 09:00").Id("2"),
             Sent(1, Said("core_group", "2026-03-04 09:00").Id("C").Replacing("E"))});
  EXPECT_THAT(became.live, ElementsAre("2 b 2026-03-03 09:00", "E core_group 2026-03-04 09:00"));
  EXPECT_EQ(became.awaited, 0u);
}

TEST(Live, OfTwoCorrectionsTheOnePublishedLastDecides) {
  const auto to = [](absl::string_view time) { return Said("icpc", time).Id("C").Replacing("E"); };
  EXPECT_THAT(After({kHeld, Sent(2, to("2026-03-04 09:00")), Sent(1, to("2026-03-05 09:00"))}).live,
              ElementsAre("E icpc 2026-03-04 09:00"));
  // Published at one instant: the greater id.
  Said a = Sent(1, to("2026-03-04 09:00")), b = Sent(1, to("2026-03-05 09:00"));
  a.open.set_event_id("A");
  b.open.set_event_id("B");
  EXPECT_THAT(After({kHeld, a, b}).live, ElementsAre("E icpc 2026-03-05 09:00"));
}

TEST(Live, TheOriginalIsOlderThanEveryCorrection) {
  EXPECT_THAT(
      After({Sent(9, kHeld), Sent(1, Said("icpc", "2026-03-04 09:00").Id("C").Replacing("E"))})
          .live,
      ElementsAre("E icpc 2026-03-04 09:00"));
}

TEST(Live, AVoidedEventIsToldAsItWasFirstSaid) {
  const Became became =
      After({kHeld, Sent(1, Said("icpc", "2026-03-04 09:00").Id("C").Replacing("E")),
             Sent(2, Said::Voiding("E"))});
  EXPECT_THAT(became.live, IsEmpty());
  EXPECT_THAT(became.voided, ElementsAre("E icpc 2026-03-02 09:00"));
}

TEST(Live, AVoidIsTakenBackByAReplacementThatIsPublishedLater) {
  const Became became = After({kHeld, Sent(1, Said::Voiding("E")),
                               Sent(2, Said("icpc", "2026-03-02 10:00").Id("C").Replacing("E"))});
  EXPECT_THAT(became.live, ElementsAre("E icpc 2026-03-02 10:00"));
  EXPECT_THAT(became.voided, IsEmpty());
}

TEST(Live, ACorrectionOfACorrectionIsOneOfTheSameEvent) {
  Said first = Sent(1, Said("icpc", "2026-03-04 09:00").Replacing("E"));
  first.open.set_event_id("C1");
  Said second = Sent(2, Said("icpc", "2026-03-05 09:00").Replacing("C1"));
  second.open.set_event_id("C2");
  EXPECT_THAT(After({kHeld, first, second}).live, ElementsAre("E icpc 2026-03-05 09:00"));
  // Voiding a correction voids the event.
  const Became became = After({kHeld, first, Sent(3, Said::Voiding("C1"))});
  EXPECT_THAT(became.live, IsEmpty());
  EXPECT_THAT(became.voided, ElementsAre("E icpc 2026-03-02 09:00"));
}

TEST(Live, ACorrectionBeforeItsEventStandsAtOnceAndTheEventIsAwaited) {
  const Said correction = Sent(1, Said("icpc", "2026-03-04 09:00").Id("C").Replacing("E"));
  const Became replaced = After({correction});
  EXPECT_THAT(replaced.live, ElementsAre("E icpc 2026-03-04 09:00"));
  EXPECT_EQ(replaced.awaited, 1u);
  const Became voided = After({Sent(1, Said::Voiding("E"))});
  EXPECT_THAT(voided.live, IsEmpty());
  EXPECT_THAT(voided.voided, IsEmpty());
  EXPECT_EQ(voided.awaited, 1u);
  // What it was first said to be nobody has heard.
  EXPECT_THAT(After({correction, Sent(2, Said::Voiding("E"))}).voided, IsEmpty());
  const std::vector<Event> events = story::EventsOf({correction});
  EXPECT_THAT(Corrected(events).awaited, ElementsAre(Event::RootOf("a", "E")));
}

TEST(Live, ACircleOfCorrectionsIsTheEventOfItsSmallestId) {
  Said x = Sent(1, Said("icpc", "2026-03-04 09:00").Replacing("Y"));
  x.open.set_event_id("X");
  Said y = Sent(2, Said("icpc", "2026-03-05 09:00").Replacing("X"));
  y.open.set_event_id("Y");
  EXPECT_THAT(After({x, y}).live, ElementsAre("X icpc 2026-03-05 09:00"));
  // What leads into the circle belongs to it.
  Said z = Sent(3, Said("icpc", "2026-03-06 09:00").Replacing("Y"));
  z.open.set_event_id("A");
  EXPECT_THAT(After({x, y, z}).live, ElementsAre("X icpc 2026-03-06 09:00"));
  Said itself = Sent(1, Said("icpc", "2026-03-04 09:00").Replacing("S"));
  itself.open.set_event_id("S");
  EXPECT_THAT(After({itself}).live, ElementsAre("S icpc 2026-03-04 09:00"));
}

TEST(Live, AnotherAgencysCorrectionIsADisputeAndChangesNothing) {
  Said dispute = Sent(1, Said("icpc", "2026-03-04 09:00").By("b").Replacing("E"));
  dispute.open.mutable_corrects()->set_agency("a");
  const Became became = After({kHeld, dispute});
  EXPECT_THAT(became.live, ElementsAre("E icpc 2026-03-02 09:00"));
  EXPECT_EQ(became.awaited, 0u);
  for (const Event& event : story::EventsOf({dispute})) {
    EXPECT_TRUE(IsCorrection(event));
    EXPECT_FALSE(IsOwnCorrection(event));
  }
  Said void_of_another = Sent(2, Said::Voiding("E"));
  void_of_another.open.set_agency("b");
  EXPECT_THAT(After({kHeld, dispute, void_of_another}).live,
              ElementsAre("E icpc 2026-03-02 09:00"));
}

TEST(Live, TwoAgenciesMayUseOneId) {
  const Became became = After({kHeld, Said("icpc", "2026-03-03 09:00").By("b").Id("E"),
                               Sent(1, Said("icpc", "2026-03-04 09:00").Id("C").Replacing("E"))});
  EXPECT_THAT(became.live, ElementsAre("E icpc 2026-03-03 09:00", "E icpc 2026-03-04 09:00"));
}

TEST(Live, ARepairedEventKeepsTheBackfillThatTheOriginalCameWith) {
  const std::vector<Event> both = story::EventsOf(
      {Said(kHeld).With("take-on"), Sent(1, Said("icpc", "2026-03-04 09:00").Replacing("E"))});
  ASSERT_EQ(Corrected(both).events.size(), 1u);
  EXPECT_EQ(Corrected(both).events[0].backfill, "take-on");
  const std::vector<Event> alone =
      story::EventsOf({Sent(1, Said("icpc", "2026-03-04 09:00").With("mending").Replacing("E"))});
  ASSERT_EQ(Corrected(alone).events.size(), 1u);
  EXPECT_EQ(Corrected(alone).events[0].backfill, "mending");
}

}  // namespace
}  // namespace dolen
