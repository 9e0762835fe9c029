#include "connectors/alerting/routing.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"

namespace dolen {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Said(absl::string_view text) {
  std::vector<std::string> said;
  for (const Finding& finding : ParseRouting(text).findings) {
    said.push_back(FindingText("r", finding));
  }
  return said;
}

constexpr char kGood[] = R"(
destination { name: "desk" log_line {} }
route { to: "desk" }
)";

TEST(Routing, AFileThatReachesEverybodyHasNoFindings) {
  const CheckedRouting checked = ParseRouting(kGood);
  EXPECT_TRUE(checked.ok());
  EXPECT_THAT(Said(kGood), IsEmpty());
  EXPECT_EQ(checked.file.destination(0).name(), "desk");
}

TEST(Routing, WhatCannotBeReadNamesItsLine) {
  EXPECT_THAT(Said("destination {\n  nam: \"x\"\n}"), Contains(HasSubstr("r:2:")));
  EXPECT_FALSE(ParseRouting("rout {}").ok());
  EXPECT_THAT(Said("route { tto: \"desk\" }"), Contains(HasSubstr("Perhaps \"to\" is meant.")));
  EXPECT_THAT(Said("route { to: \"\xff\" }"),
              ElementsAre("r:1:14: error: the text is not UTF-8 here; save the file as UTF-8"));
}

TEST(Routing, AnUnknownDestinationIsAnErrorWithItsLineAndTheOnesThatThereAre) {
  EXPECT_THAT(
      Said("destination { name: \"desk\" log_line {} }\nroute { to: \"dsk\" to: \"desk\" }"),
      ElementsAre("r:2:9: error: route[0].to[0]: destination \"dsk\" is not in this file; "
                  "write one of: desk"));
}

TEST(Routing, OnlyWhatIsAdvisoryMayWaitForOfficeHours) {
  const std::string file = kGood;
  EXPECT_THAT(Said(R"(destination { name: "desk" log_line {} }
route { weight: "advisory" weight: "local" quiet_outside_hours: true to: "desk" }
route { to: "desk" })"),
              ElementsAre(HasSubstr("r:2:44: error: route[0].quiet_outside_hours: a duty that is "
                                    "not only advisory")));
  EXPECT_THAT(Said(R"(destination { name: "desk" log_line {} }
route { weight: "advisory" quiet_outside_hours: true to: "desk" }
route { to: "desk" })"),
              IsEmpty());
}

TEST(Routing, TimesAndDaysAndZonesMustExist) {
  EXPECT_THAT(Said(R"(
team { id: "CSC" zone: "Europe/Cardiff" closed: "2026-02-30"
  hours { day: "monday" from: "9:00" to: "17:00" }
  hours { day: "mon" from: "17:00" to: "09:00" } }
destination { name: "desk" log_line {} }
route { weight: "local" digest_at: "24:00" to: "desk" }
route { to: "desk" }
)"),
              ElementsAre(HasSubstr("Europe/Cardiff"), HasSubstr("2026-02-30"),
                          HasSubstr("\"monday\" is none of mon, tue"), HasSubstr("\"9:00\""),
                          HasSubstr("hours over midnight"), HasSubstr("\"24:00\"")));
}

TEST(Routing, NoRouteForWhatIsOverdueByStatuteIsAWarning) {
  for (const char* route : {"for: \"CSC\"", "weight: \"guidance\"", "level: \"due_soon\"",
                            "when: IN_HOURS", "about: \"gap\""}) {
    const std::string file = absl::StrCat(
        "destination { name: \"desk\" log_line {} } route { to: \"desk\" ", route, "}");
    EXPECT_THAT(Said(file), ElementsAre(HasSubstr("warning: no route takes every alert"))) << route;
    EXPECT_TRUE(ParseRouting(file).ok());
  }
}

TEST(Routing, ADestinationThatNothingGoesToIsAWarning) {
  EXPECT_THAT(Said(std::string(kGood) + "destination { name: \"idle\" log_line {} }"),
              ElementsAre(HasSubstr("warning: destination[1]: nothing goes to \"idle\"")));
}

TEST(Routing, ARouteBehindOneThatTakesAllIsAWarning) {
  EXPECT_THAT(Said(std::string(kGood) + "route { level: \"overdue\" to: \"desk\" }"),
              ElementsAre(HasSubstr("route[0] takes every alert, so none comes here")));
}

TEST(Routing, WhatIsOverdueByStatuteInADigestIsAWarning) {
  EXPECT_THAT(Said(R"(destination { name: "desk" log_line {} }
route { to: "desk" digest_at: "09:00" })"),
              ElementsAre(HasSubstr("warning: route[0].digest_at[0]: what is overdue by statute")));
}

TEST(Routing, NamesAndKindsAndPlacesAreAsked) {
  EXPECT_THAT(Said(R"(
destination { name: "Desk" log_line {} }
destination { name: "two" }
destination { name: "two" log_line {} }
route { to: "two" nowhere: true }
route { for: "" }
route { group_wait_seconds: 5 to: "two" }
)"),
              ElementsAre(HasSubstr("\"Desk\" is not a name"), HasSubstr("no kind"),
                          HasSubstr("\"two\" is here twice"), HasSubstr("nowhere and somewhere"),
                          HasSubstr("no destination"), HasSubstr("route[0] takes every alert"),
                          HasSubstr("is nobody"), HasSubstr("nothing is told together")));
}

TEST(Routing, AHeartbeatGoesToWhatWatchesForItsAbsence) {
  EXPECT_THAT(Said(std::string(kGood) + "heartbeat { to: \"desk\" every_seconds: 1 }"),
              ElementsAre(HasSubstr("people would get a message"), HasSubstr("shorter than 10")));
}

}  // namespace
}  // namespace dolen
