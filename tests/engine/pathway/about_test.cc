#include "engine/pathway/about.h"

#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"

namespace dolen {
namespace {

TEST(About, IsReadOffTheRule) {
  const struct {
    const char* rule;
    alert::v1::About about;
  } rows[] = {
      {R"(start { is: "icpc" } stop { is: "sent" } limit { allow { working_days: 5 } })",
       alert::v1::ABOUT_DEADLINE},
      {R"(start { holding: UNHELD } stop { holding: HELD } limit { allow { hours: 0 } })",
       alert::v1::ABOUT_GAP},
      {R"(start { is: "born" or { holding: UNHELD } } limit { allow { hours: 0 } })",
       alert::v1::ABOUT_GAP},
      {R"(start { holding: HELD_BY_TWO } stop { holding: HELD } limit { allow { hours: 24 } })",
       alert::v1::ABOUT_OVERLAP},
      {R"(which: LAST start { is: "agency_heard" }
          limit { from { field: "expected_by" } allow { hours: 0 } })",
       alert::v1::ABOUT_SILENCE},
      {R"(start { is: "handover_offered" }
          stop { is: "handover_accepted" or { is: "handover_declined" } }
          limit { allow { working_days: 1 } })",
       alert::v1::ABOUT_HANDOVER},
      {R"(start { is: "handover_offered" } stop { is: "pack_sent" } limit { allow { hours: 24 } })",
       alert::v1::ABOUT_DEADLINE},
      {R"(start { is: "concern" } stop { is: "plan_agreed" }
          limit { from { event { is: "discharged" } } allow { hours: 0 } })",
       alert::v1::ABOUT_MISSING_STEP},
      {R"(start { is: "concern" } stop { is: "plan_agreed" }
          limit { from { event { is: "discharged" } } allow { hours: 4 } })",
       alert::v1::ABOUT_DEADLINE},
  };
  for (const auto& row : rows) {
    pathway::v1::Rule rule;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.rule, &rule)) << row.rule;
    EXPECT_EQ(AboutOf(rule), row.about) << row.rule;
  }
}

}  // namespace
}  // namespace dolen
