// What an agency may know of an event, as tables.
#include "engine/child/visible.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;
using testing::ElementsAre;

const char kDay[] = "2026-01-05";

// For each event in turn: "-" nothing, "open" or "whole".
std::vector<std::string> Sees(absl::string_view agency, const std::vector<Said>& said) {
  const std::vector<Event> events = story::EventsOf(said);
  const Involved involved(events);
  std::vector<std::string> words;
  for (const Event& event : events) {
    const Extent extent = Visible(event, agency, involved);
    words.push_back(extent == Extent::kNothing    ? "-"
                    : extent == Extent::kOpenPart ? "open"
                                                  : "whole");
  }
  return words;
}

Said In(const char* agency, const char* id, Said said) {
  said.open.mutable_matter()->set_agency(agency);
  said.open.mutable_matter()->set_id(id);
  return said;
}
Said Void(const char* agency, const char* id) {
  Said said = Said::Voiding(id).By(agency);
  said.open.mutable_corrects()->set_agency(agency);
  return said;
}
// A correction of another's event.
Said Dispute(const char* by, const char* agency, const char* id) {
  Said said = Said("referral_declined", kDay).By(by).Replacing(id);
  said.open.mutable_corrects()->set_agency(agency);
  return said;
}

TEST(Visible, NothingToAStranger) {
  EXPECT_THAT(Sees("s", {Said("referral_made", kDay).In("m").To("b"), Said("child_seen", kDay)}),
              ElementsAre("-", "-"));
}

TEST(Visible, NothingToNobody) {
  EXPECT_THAT(Sees("", {Said("referral_made", kDay).In("m"), Said("child_seen", kDay)}),
              ElementsAre("-", "-"));
}

TEST(Visible, TheWholeToWhoeverSaidItAndToWhoeverItIsFor) {
  const std::vector<Said> said = {Said("referral_made", kDay).In("m").To("b")};
  EXPECT_THAT(Sees("a", said), ElementsAre("whole"));
  EXPECT_THAT(Sees("b", said), ElementsAre("whole"));
}

TEST(Visible, TheOpenPartOnlyToWhoeverWasAskedAndHasNotTakenItOn) {
  const Said made = Said("referral_made", kDay).In("m").To("b");
  const Said seen = Said("child_seen", kDay).In("m");
  EXPECT_THAT(Sees("b", {made, seen}), ElementsAre("whole", "open"));
  for (const char* answer : {"referral_received", "information_requested", "referral_declined",
                             "referral_redirected", "handover_declined"}) {
    EXPECT_THAT(Sees("b", {made, seen, Said(answer, kDay).In("m").By("b")}),
                ElementsAre("whole", "open", "whole"))
        << answer;
  }
  for (const char* step : {"referral_accepted", "handover_accepted", "service_started", "m1"}) {
    EXPECT_THAT(Sees("b", {made, seen, Said(step, kDay).In("m").By("b")}),
                ElementsAre("whole", "whole", "whole"))
        << step;
  }
}

TEST(Visible, TheWholeOfItsMatterToWhoeverOpenedIt) {
  EXPECT_THAT(Sees("c", {In("c", "7", Said("child_seen", kDay).By("b")),
                         In("c", "8", Said("child_seen", kDay).By("b")),
                         In("d", "7", Said("child_seen", kDay).By("b"))}),
              ElementsAre("whole", "whole", "-"));
}

TEST(Visible, OneMatterGivesNoSightOfAnother) {
  EXPECT_THAT(Sees("b", {Said("referral_made", kDay).In("m").To("b"),
                         Said("referral_made", kDay).In("n").To("c").Continues("m"),
                         Said("child_seen", kDay)}),
              ElementsAre("whole", "-", "-"));
  EXPECT_THAT(Sees("c", {Said("referral_made", kDay).In("m").To("b"),
                         Said("referral_made", kDay).In("n").To("c").Continues("m")}),
              ElementsAre("-", "whole"));
}

TEST(Visible, TheStandingMatterToWhoeverSpokeInIt) {
  EXPECT_THAT(Sees("b", {Said("child_seen", kDay), Said("child_voice_recorded", kDay).By("b"),
                         Said("child_seen", kDay).In("m")}),
              ElementsAre("whole", "whole", "-"));
}

TEST(Visible, WhatBecameOfWhatItKnew) {
  const Said made = Said("referral_made", kDay).In("m").To("b").Id("made");
  // The request now goes to c: b sees that, and c does not see who was asked by mistake.
  const Said moved = Said("referral_made", kDay).In("n").To("c").Replacing("made").Id("moved");
  EXPECT_THAT(Sees("b", {made, moved}), ElementsAre("whole", "whole"));
  EXPECT_THAT(Sees("c", {made, moved}), ElementsAre("-", "whole"));
  // Also of a correction that its agency corrects in its turn, whatever it is named after.
  EXPECT_THAT(Sees("b", {made, moved, Void("a", "moved")}), ElementsAre("whole", "whole", "whole"));
  EXPECT_THAT(Sees("c", {made, moved, Void("a", "made")}), ElementsAre("-", "whole", "whole"));
  EXPECT_THAT(Sees("s", {made, moved, Void("a", "made")}), ElementsAre("-", "-", "-"));
}

TEST(Visible, ACorrectionThatCameBeforeItsEvent) {
  EXPECT_THAT(
      Sees("b", {Void("a", "made"), Said("referral_made", kDay).In("m").To("b").Id("made")}),
      ElementsAre("whole", "whole"));
  EXPECT_THAT(Sees("b", {Void("a", "made")}), ElementsAre("-"));
}

TEST(Visible, DisputesToWhoeverKnowsWhatIsDisputed) {
  const Said made = Said("referral_made", kDay).In("m").To("b").Id("made");
  const Said dispute = Dispute("d", "a", "made").Id("no");
  EXPECT_THAT(Sees("b", {made, dispute, Void("d", "no")}), ElementsAre("whole", "whole", "whole"));
  // Two that dispute each other.
  EXPECT_THAT(Sees("b", {made, Dispute("d", "c", "no").Id("so"), Dispute("c", "d", "so").Id("no")}),
              ElementsAre("whole", "-", "-"));
}

TEST(Visible, DisputingAndVoidingMakeNobodyParty) {
  const Said made = Said("referral_made", kDay).In("m").To("b").Id("made");
  EXPECT_THAT(Sees("d", {made, Dispute("d", "a", "made").In("m").To("d")}),
              ElementsAre("-", "whole"));
  EXPECT_THAT(Sees("d", {made, Void("d", "nothing").In("m")}), ElementsAre("-", "whole"));
}

// What was once visible stays so.
TEST(Visible, StaysSoAfterACorrection) {
  const Said made = Said("referral_made", kDay).In("m").To("b").Id("made");
  const Said seen = Said("child_seen", kDay).In("m");
  EXPECT_THAT(Sees("b", {made, seen, Void("a", "made").In("m")}),
              ElementsAre("whole", "open", "whole"));
}

}  // namespace
}  // namespace dolen
