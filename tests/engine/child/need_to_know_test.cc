// What the readers of one agency may see of a child.
#include "engine/child/need_to_know.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;
using testing::ElementsAre;
using testing::IsEmpty;

const char kDay[] = "2026-01-05";

Said In(const char* agency, const char* id, Said said) {
  said.open.mutable_matter()->set_agency(agency);
  said.open.mutable_matter()->set_id(id);
  return said;
}

std::vector<std::string> Ids(const std::vector<Event>& events) {
  std::vector<std::string> ids;
  for (const Event& event : events) ids.push_back(event.open.event_id());
  return ids;
}

std::vector<Event> Sealed() {
  return story::EventsOf({In("a", "m", Said("referral_made", kDay).By("a").To("b").Id("made")),
                          In("q", "s", Said("referral_made", kDay).By("q").To("b").Id("hidden")),
                          In("q", "s", Said("record_sealed", "2026-01-06").By("q").Id("seal"))});
}

TEST(NeedToKnow, OthersKnowNothingOfWhatIsSealedNorOfTheSeal) {
  EXPECT_THAT(Ids(Unsealed(Sealed(), "b")), ElementsAre("made"));
  EXPECT_THAT(Ids(Unsealed(Sealed(), "q")), ElementsAre("made", "hidden", "seal"));
  EXPECT_THAT(Ids(NeverSealed(Sealed())), ElementsAre("made"));
}

TEST(NeedToKnow, WhatIsSealedMakesNobodyParty) {
  // To "d" only what is sealed is addressed.
  std::vector<Event> events = Sealed();
  events[1].open.set_to_agency("d");
  const std::vector<Event> unsealed = Unsealed(events, "d");
  const NeedToKnow need(unsealed, "d");
  EXPECT_FALSE(need.any());
  EXPECT_EQ(need.OfMatter("q", "s"), Extent::kNothing);
}

TEST(NeedToKnow, WhoeverMustSeeToADutyOrWaitsForItMayLookAtIt) {
  const std::vector<Event> events =
      story::EventsOf({In("a", "m", Said("referral_made", kDay).By("a").To("b").Id("made"))});
  const NeedToKnow need(events, "d");
  EXPECT_FALSE(need.any());
  EXPECT_FALSE(need.OfDuty("a", "m", "b", "a"));
  EXPECT_TRUE(need.OfDuty("a", "m", "d", "a"));
  EXPECT_TRUE(need.OfDuty("a", "m", "b", "d"));
  const NeedToKnow party(events, "b");
  EXPECT_TRUE(party.OfDuty("a", "m", "c", "c"));
  EXPECT_FALSE(party.OfDuty("a", "other", "c", "c"));
}

TEST(NeedToKnow, WhoHoldsAllOfAChildIsNoSecretToThoseWhoKnowIt) {
  const std::vector<Event> events =
      story::EventsOf({In("a", "m", Said("referral_made", kDay).By("a").To("b").Id("made"))});
  const NeedToKnow need(events, "b");
  EXPECT_TRUE(need.OfHold("", "c", "x", "other"));
  EXPECT_FALSE(need.OfHold("therapy", "c", "x", "other"));
  EXPECT_TRUE(need.OfHold("therapy", "b", "x", "other"));
  EXPECT_TRUE(need.OfHold("therapy", "c", "a", "m"));
}

TEST(NeedToKnow, AnEmergencyOpensAllThatIsNotSealed) {
  const std::vector<Event> unsealed = Unsealed(Sealed(), "d");
  const NeedToKnow need(unsealed, "d", NeedToKnow::Grant::kEmergency);
  EXPECT_TRUE(need.any());
  EXPECT_EQ(need.OfEvent(unsealed[0]), Extent::kWhole);
  EXPECT_THAT(Ids(Unsealed(story::EventsOf({In("q", "s", Said("seen", kDay).By("q").Id("one")),
                                            Said("record_sealed", kDay).By("q").Id("all")}),
                           "d")),
              IsEmpty());
}

}  // namespace
}  // namespace dolen
