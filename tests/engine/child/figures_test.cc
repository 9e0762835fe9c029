// What has ended with a child, in numbers, as small stories told to a real fold.
#include "engine/child/figures.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr char kOneDay[] =
    "start { is: \"begun\" } stop { is: \"done\" } cancel { is: \"dropped\" } "
    "limit { allow { calendar_days: 1 } }";

class FiguresTest : public testing::Test {
 protected:
  explicit FiguresTest(FoldOptions options = {}) : story_(std::move(options)) {}

  void Publish(absl::string_view rules) { story_.Publish("2026-01-01", BookOf(rules)); }
  // Recorded as it occurred.
  void Hear(const char* at, Said said) { story_.Hear(at, said); }
  Figures Sum() { return *story_.fold().FiguresOf(Story::Child(0)); }
  const ClockFigures& OnlyClocks() {
    sum_ = Sum();
    EXPECT_THAT(sum_.clocks, SizeIs(1));
    return sum_.clocks.begin()->second;
  }
  // "a b 2026-03 asks 1 ...", without those that are none.
  std::vector<std::string> Asks() {
    std::vector<std::string> lines;
    for (const std::string& line : FiguresText(Sum(), "")) {
      if (line.substr(0, 5) == "asks ") lines.push_back(line.substr(5));
    }
    return lines;
  }
  Said Ask(const char* at, const char* by, const char* to) {
    return Said("referral_made", at).By(by).To(to).In("m");
  }

  Story story_;
  Figures sum_;
};

TEST_F(FiguresTest, ClocksAreCountedByWhatTheyWereWhenTheyClosed) {
  Publish(Rule(absl::StrCat(kOneDay, " opens: AGAIN exception_by: \"agency:b\"")));
  Hear("2026-03-02 09:00", Said("begun", "2026-03-02 09:00"));
  Hear("2026-03-03 09:00", Said("done", "2026-03-03 09:00"));   // in time
  Hear("2026-03-09 09:00", Said("begun", "2026-03-09 09:00"));  // due 11 March 00:00
  Hear("2026-03-12 00:00", Said("done", "2026-03-12 00:00"));   // a day late
  Hear("2026-03-16 09:00", Said("begun", "2026-03-16 09:00"));
  Hear("2026-03-17 09:00", Said("dropped", "2026-03-17 09:00"));
  Hear("2026-03-23 09:00", Said("begun", "2026-03-23 09:00"));
  Hear("2026-03-23 10:00", Said("exception_authorised", "2026-03-23 10:00").By("b"));
  Hear("2026-03-30 09:00", Said("done", "2026-03-30 09:00"));
  Hear("2026-03-31 09:00", Said("begun", "2026-03-31 09:00"));  // still open
  const ClockFigures& its = OnlyClocks();
  EXPECT_EQ(sum_.clocks.begin()->first, (ClockGroup{"R", "a", absl::CivilMonth(2026, 3)}));
  EXPECT_EQ(its.clocks(), 4);
  EXPECT_EQ(its.in_time, 1);
  EXPECT_EQ(its.late, 1);
  EXPECT_EQ(its.overrun, absl::Hours(24));
  EXPECT_EQ(its.cancelled, 1);
  EXPECT_EQ(its.excused, 1);
  EXPECT_EQ(its.untold, 0) << "a tick told of the late one";
  EXPECT_EQ(its.reporting, absl::ZeroDuration());
  // 24 hours, two days and 15 hours, 24 hours, and a week, in which summer time began.
  EXPECT_EQ(its.action, absl::Hours(24 + 63 + 24 + 7 * 24 - 1));
}

TEST_F(FiguresTest, ReportingDelayStandsApartFromActionDelay) {
  Publish(Rule(kOneDay));
  Hear("2026-03-02 09:00", Said("begun", "2026-03-02 09:00"));
  Hear("2026-03-05 09:00", Said("done", "2026-03-03 09:00"));
  const ClockFigures& its = OnlyClocks();
  EXPECT_EQ(its.in_time, 1);
  EXPECT_EQ(its.late_by_report, 1);
  EXPECT_EQ(its.action, absl::Hours(24));
  EXPECT_EQ(its.reporting, absl::Hours(48));
}

TEST_F(FiguresTest, ACloseIsReportedWhenAllOfItIs) {
  Publish(
      Rule("start { is: \"begun\" } stop { is: \"seen\" } stop { is: \"done\" } "
           "limit { allow { weeks: 1 } }"));
  Hear("2026-03-02 09:00", Said("begun", "2026-03-02 09:00"));
  Hear("2026-03-04 09:00", Said("done", "2026-03-04 09:00"));
  Hear("2026-03-07 09:00", Said("seen", "2026-03-03 09:00"));
  EXPECT_EQ(OnlyClocks().reporting, absl::Hours(3 * 24));
}

TEST_F(FiguresTest, WhatACorrectionSaysWasReportedWithTheCorrection) {
  Publish(Rule(kOneDay));
  Hear("2026-03-02 09:00", Said("begun", "2026-03-02 09:00"));
  Hear("2026-03-05 09:00", Said("done", "2026-03-05 09:00"));
  EXPECT_EQ(OnlyClocks().late, 1);
  Hear("2026-03-09 09:00", Said("done", "2026-03-03 09:00").Replacing("done@2026-03-05 09:00"));
  const ClockFigures& its = OnlyClocks();
  EXPECT_EQ(its.late, 0);
  EXPECT_EQ(its.late_by_report, 1);
  EXPECT_EQ(its.reporting, absl::Hours(6 * 24));
}

TEST_F(FiguresTest, ABreachNobodyWasToldOfIsUntold) {
  Publish(Rule(kOneDay));
  Hear("2026-03-09 09:00", Said("begun", "2026-03-02 09:00"));
  ASSERT_TRUE(story_
                  .Tell(At("2026-03-09 09:00"),
                        Story::RecordOf(Said("done", "2026-03-06 09:00"), Story::Child(0)))
                  .ok());
  EXPECT_EQ(OnlyClocks().late, 1);
  EXPECT_EQ(OnlyClocks().untold, 1);
  EXPECT_EQ((*story_.fold().Find(Story::Child(0)))->untold, 1u) << "as the shard counts them";
}

TEST_F(FiguresTest, AVoidedStartAndWhatIsOpenAreNotCounted) {
  Publish(Rule(kOneDay));
  Hear("2026-03-02 09:00", Said("begun", "2026-03-02 09:00"));
  EXPECT_THAT(Sum().clocks, IsEmpty());
  Hear("2026-03-03 09:00", Said("done", "2026-03-03 09:00"));
  EXPECT_THAT(Sum().clocks, SizeIs(1));
  Hear("2026-03-04 09:00", Said::Voiding("begun@2026-03-02 09:00"));
  EXPECT_THAT(Sum().clocks, IsEmpty());
}

TEST_F(FiguresTest, TheMonthIsThatOfTheRulesZone) {
  Publish(Rule(kOneDay));
  Hear("2026-04-30 09:00", Said("begun", "2026-04-30 09:00"));
  Hear("2026-05-01 00:30", Said("done", "2026-05-01 00:30"));  // 23:30 in UTC
  OnlyClocks();
  EXPECT_EQ(sum_.clocks.begin()->first.month, absl::CivilMonth(2026, 5));
}

TEST_F(FiguresTest, MinutesAreWhosTheyAreAndWhoseTheyArePaused) {
  Publish(
      "rule { id: \"R\" accountable: \"asked\" start { is: \"referral_made\" } "
      "stop { is: \"done\" } pause { begin { is: \"clock_paused\" } "
      "end { is: \"clock_resumed\" } } limit { allow { hours: 100 } } level { name: \"overdue\" } "
      "}");
  Hear("2026-03-02 09:00", Ask("2026-03-02 09:00", "a", "b"));
  Hear("2026-03-02 10:00", Said("referral_redirected", "2026-03-02 10:00").By("b").To("c").In("m"));
  Hear("2026-03-02 12:00",
       Said("clock_paused", "2026-03-02 12:00").By("c").In("m").Owner("family"));
  Hear("2026-03-02 15:00", Said("clock_resumed", "2026-03-02 15:00").By("c").In("m"));
  Hear("2026-03-02 16:00", Said("done", "2026-03-02 16:00").By("c").In("m"));
  const ClockFigures& its = OnlyClocks();
  EXPECT_EQ(sum_.clocks.begin()->first.agency, "c") << "accountable at the close";
  EXPECT_THAT(its.shares, ElementsAre(std::make_pair(Whose{"b", false}, absl::Hours(1)),
                                      std::make_pair(Whose{"c", false}, absl::Hours(3)),
                                      std::make_pair(Whose{"family", true}, absl::Hours(3))));
}

TEST_F(FiguresTest, AnAskIsWhatLastBecameOfIt) {
  Hear("2026-03-02 09:00", Ask("2026-03-02 09:00", "a", "b"));
  EXPECT_THAT(Asks(), ElementsAre("a to b in 2026-03; asks 1"));
  Hear("2026-03-03 09:00", Said("referral_accepted", "2026-03-03 09:00").By("b").In("m"));
  EXPECT_THAT(Asks(), ElementsAre("a to b in 2026-03; asks 1; taken_on 1"));
  Hear("2026-03-04 09:00",
       Said("referral_declined", "2026-03-04 09:00").By("b").In("m").Reason("full"));
  EXPECT_THAT(Asks(), ElementsAre("a to b in 2026-03; asks 1; declined full 1"));
  Hear("2026-04-02 09:00", Ask("2026-04-02 09:00", "a", "c"));
  Hear("2026-04-03 09:00", Said("referral_redirected", "2026-04-03 09:00").By("c").To("d").In("m"));
  Hear("2026-04-04 09:00", Said("referral_accepted", "2026-04-04 09:00").By("d").In("m"));
  EXPECT_THAT(Asks(), UnorderedElementsAre("a to b in 2026-03; asks 1; declined full 1",
                                           "a to c in 2026-04; asks 1; passed_on 1",
                                           "c to d in 2026-04; asks 1; taken_on 1"));
}

TEST_F(FiguresTest, AnAskBackToWhoeverHadItIsPingPong) {
  Hear("2026-03-02 09:00", Ask("2026-03-02 09:00", "a", "b"));
  Hear("2026-03-03 09:00", Ask("2026-03-03 09:00", "a", "b"));
  EXPECT_THAT(Asks(), ElementsAre("a to b in 2026-03; asks 2")) << "a reminder";
  Hear("2026-03-04 09:00", Said("referral_redirected", "2026-03-04 09:00").By("b").To("c").In("m"));
  Hear("2026-03-05 09:00", Said("referral_redirected", "2026-03-05 09:00").By("c").To("b").In("m"));
  EXPECT_THAT(Asks(), Contains("c to b in 2026-03; asks 1; back 1"));
  // The same agency of a matter that continues this one.
  Hear("2026-03-06 09:00",
       Said("referral_made", "2026-03-06 09:00").By("b").To("a").In("n").Continues("m"));
  EXPECT_THAT(Asks(), Contains("b to a in 2026-03; asks 1; back 1"));
  // Another thread.
  Hear("2026-03-07 09:00", Said("referral_made", "2026-03-07 09:00").By("d").To("b").In("o"));
  EXPECT_THAT(Asks(), Contains("d to b in 2026-03; asks 1"));
}

TEST_F(FiguresTest, AnAskAgainAfterADeclineIsPingPong) {
  Hear("2026-03-02 09:00", Ask("2026-03-02 09:00", "a", "b"));
  Hear("2026-03-03 09:00", Said("referral_declined", "2026-03-03 09:00").By("b").In("m"));
  Hear("2026-03-04 09:00", Ask("2026-03-04 09:00", "a", "b"));
  EXPECT_THAT(Asks(), ElementsAre("a to b in 2026-03; asks 2; back 1; declined  1"));
}

TEST_F(FiguresTest, TheLanguageIsTheOneStatedLast) {
  Said cy("seen", "2026-03-04 09:00"), en("seen", "2026-03-02 09:00");
  cy.open.set_language("cy");
  en.open.set_language("en");
  const auto language = [&] { return (*story_.fold().Find(Story::Child(0)))->picture.language; };
  Hear("2026-03-04 09:00", cy);
  Hear("2026-03-05 09:00", en);  // it occurred before
  EXPECT_EQ(language(), "cy");
  story_.Reopen();
  EXPECT_EQ(language(), "cy");
}

class ForgottenFiguresTest : public FiguresTest {
 protected:
  ForgottenFiguresTest() : FiguresTest(Soon()) {}
  static FoldOptions Soon() {
    FoldOptions options;
    options.forgetting = {1, 1, absl::Hours(48)};
    return options;
  }
  uint32_t PagesAway() { return (*story_.fold().Find(Story::Child(0)))->figure_pages; }
};

TEST_F(ForgottenFiguresTest, WhatLeftThePictureIsCountedOnAndComesBack) {
  Publish(Rule(kOneDay));
  Hear("2026-01-05 09:00", Ask("2026-01-05 09:00", "a", "b"));
  Hear("2026-01-05 10:00", Said("begun", "2026-01-05 10:00").In("m"));
  Hear("2026-01-06 09:00", Said("done", "2026-01-06 09:00").In("m"));
  const Figures before = Sum();
  EXPECT_EQ(PagesAway(), 0);
  Hear("2026-02-10 09:00", Said("begun", "2026-02-10 09:00").In("n"));
  EXPECT_GT(PagesAway(), 0);
  EXPECT_EQ(Sum(), before);
  story_.Reopen();
  EXPECT_EQ(Sum(), before);
  // Late news of the matter that slept.
  Hear("2026-02-11 09:00", Said("referral_accepted", "2026-01-07 09:00").By("b").In("m"));
  EXPECT_THAT(Asks(), ElementsAre("a to b in 2026-01; asks 1; taken_on 1"));
  EXPECT_EQ(Sum().clocks, before.clocks);
}

TEST_F(ForgottenFiguresTest, AHandoverWithEffectLongAgoChangesWhoseMinutesTheyWere) {
  Publish(
      "rule { id: \"R\" accountable: \"holder\" start { is: \"begun\" } stop { is: \"done\" } "
      "limit { allow { weeks: 1 } } level { name: \"overdue\" } }");
  Hear("2026-01-02 09:00", Said("handover_completed", "2026-01-02 09:00").By("a").To("b").In("h"));
  Hear("2026-01-05 09:00", Said("begun", "2026-01-05 09:00").In("m"));
  Hear("2026-01-06 09:00", Said("done", "2026-01-06 09:00").In("m"));
  Hear("2026-02-10 09:00", Said("seen", "2026-02-10 09:00").In("n"));
  ASSERT_GT(PagesAway(), 0);
  EXPECT_EQ(Sum().clocks.begin()->first.agency, "b");
  Said late = Said("handover_completed", "2026-02-11 09:00").By("b").To("c").In("i");
  late.open.mutable_effective()->set_day("2026-01-03");
  Hear("2026-02-11 09:00", late);
  EXPECT_EQ(Sum().clocks.begin()->first.agency, "c");
}

}  // namespace
}  // namespace dolen::story
