// Which past a person asks for, in words.
#include "deploy/program/asked_past.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::At;
using story::Said;
using testing::HasSubstr;

absl::StatusOr<Past> Ask(const AskedPast& asked) {
  return PastOf(asked, story::EventsOf({Said("referral_made", "2026-01-05").By("x").To("y")}),
                story::BooksOf(""));
}

TEST(AskedPast, IsNowWhereNothingIsAsked) { EXPECT_EQ(*Ask({}), Past()); }

TEST(AskedPast, MeansTheEndOfADayInTheBooksZone) {
  const Past past = *Ask({"2026-07-01", "2026-12-31", ""});
  EXPECT_EQ(past.as_of, At("2026-07-02 00:00") - absl::Microseconds(1));
  EXPECT_EQ(past.known_at, At("2027-01-01 00:00") - absl::Microseconds(1));
}

TEST(AskedPast, TakesInstantsAsTheyAre) {
  EXPECT_EQ(Ask({"2026-07-01T10:00:00+02:00", "", ""})->as_of, At("2026-07-01 09:00"));
}

TEST(AskedPast, RefusesWhatIsNoTime) {
  for (const char* text : {"now", "2026-02-30", "2026-07-01 10:00", "2026-07-01T10:00:00"}) {
    EXPECT_EQ(Ask({text, "", ""}).status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(Ask({"", text, ""}).status().message()), HasSubstr("known-at")) << text;
  }
}

TEST(AskedPast, KnowsAgenciesOfBooksAndOfEvents) {
  for (const char* agency : {"a", "s", "x", "y"}) {
    EXPECT_EQ(Ask({"", "", agency})->known_to, agency);
  }
  const absl::Status unknown = Ask({"", "", "z"}).status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("\"z\""));
}

}  // namespace
}  // namespace dolen
