// The mapping files of tests/real_logs over the real data, where ../shared/data is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "connectors/files/gzip_file.h"
#include "engine/admission/check.h"
#include "engine/pathway/book.h"
#include "tests/connectors/files/helpers.h"

namespace dolen {
namespace {

// Tests run in the repository's root.
const std::string kData = "../shared/data/";

#define SKIP_WITHOUT(path)                                          \
  if (!std::filesystem::exists(path)) {                             \
    GTEST_SKIP() << "the data are not here: " << std::string(path); \
  }

// The code of admission's refusal; empty: admitted.
std::string Refusal(const FileEvent& event) {
  Received received;
  received.agency = event.agency;
  received.value = event.bytes;
  const auto checked = CheckEvent(received, event.occurred);
  const Rejection* rejection = absl::get_if<Rejection>(&checked);
  return rejection == nullptr ? "" : absl::StrCat(rejection->code, " ", rejection->field);
}

TEST(RealLogBooks, HaveNoFindings) {
  for (const char* book : {"sepsis/book", "helpdesk_it/book", "bpic2013_closed_problems/book",
                           "census/installation", "census/weekends"}) {
    const std::string path = absl::StrCat("tests/real_logs/", book, ".textproto");
    const auto text = ReadPlainOrGzip(path, kMaxMappingBytes);
    ASSERT_TRUE(text.ok()) << text.status();
    const CheckedBook checked = ParseBook(*text);
    EXPECT_TRUE(checked.ok());
    for (const Finding& finding : checked.findings) ADD_FAILURE() << FindingText(path, finding);
  }
}

struct Log {
  const char *name, *file;
  int64_t read, filtered;
  size_t children;
};

class RealLogs : public ::testing::TestWithParam<Log> {};

TEST_P(RealLogs, EveryRowBecomesAnEventOfItsOwn) {
  const Log& log = GetParam();
  SKIP_WITHOUT(kData + log.file);
  const auto mapping =
      ReadMapping(absl::StrCat("tests/real_logs/", log.name, "/mapping.textproto"));
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  ASSERT_TRUE(mapping->ok()) << Findings(*mapping);
  const AllRows all = ReadAll(OpenCsv(kData + log.file, *mapping));
  EXPECT_TRUE(all.status.ok()) << all.status;
  EXPECT_TRUE(all.bad.empty()) << all.bad[0].Text();
  EXPECT_EQ(all.read, log.read);
  EXPECT_EQ(all.filtered, log.filtered);
  EXPECT_EQ(static_cast<int64_t>(all.events.size()), log.read - log.filtered);
  std::set<std::string> identities, children;
  for (const FileEvent& event : all.events) {
    identities.insert(absl::StrCat(event.agency, "|", event.child_value, "|", event.event_id));
    children.insert(event.child_value);
    EXPECT_EQ(Refusal(event), "");
  }
  EXPECT_EQ(identities.size(), all.events.size());
  EXPECT_EQ(children.size(), log.children);
}

INSTANTIATE_TEST_SUITE_P(
    Data, RealLogs,
    ::testing::Values(Log{"sepsis", "sepsis/sepsis.csv.gz", 15214, 0, 1050},
                      Log{"helpdesk_it", "helpdesk_it/helpdesk.csv.gz", 21348, 0, 4580},
                      Log{"bpic2013_closed_problems",
                          "bpic2013_closed_problems/bpic2013_closed_problems.csv.gz", 6660, 10,
                          1487}),
    [](const auto& log) { return log.param.name; });

AllRows Census(const std::string& file) {
  return ReadAll(OpenCensus(absl::StrCat(kData, "uk_cin_census_fake/", file)));
}

TEST(RealCensus, SamplesGiveTheirDates) {
  SKIP_WITHOUT(kData + "uk_cin_census_fake");
  for (const auto& [file, events] :
       std::vector<std::pair<const char*, size_t>>{{"CIN2rows.xml", 14},
                                                   {"CIN_Census_2021.xml", 13},
                                                   {"CIN_Census_2021_copy.xml", 11},
                                                   {"CIN_Census_2024.xml", 16},
                                                   {"CIN_Census_2026.xml", 16},
                                                   {"liia_cin-2022.xml", 13}}) {
    const AllRows all = Census(file);
    EXPECT_TRUE(all.status.ok()) << all.status;
    EXPECT_TRUE(all.bad.empty()) << all.bad[0].Text();
    EXPECT_EQ(all.events.size(), events) << file;
    for (const FileEvent& event : all.events) EXPECT_EQ(Refusal(event), "");
  }
}

TEST(RealCensus, TheSampleWithABrokenHeaderSaysSoAndGoesOn) {
  SKIP_WITHOUT(kData + "uk_cin_census_fake");
  const AllRows all = Census("CIN_header_issues_100.xml");
  ASSERT_EQ(all.bad.size(), 1u);
  EXPECT_EQ(all.bad[0].line, 6);
  EXPECT_EQ(all.bad[0].rejection.code, "bad_header");
  EXPECT_THAT(all.bad[0].rejection.sentence, ::testing::HasSubstr("ReferenceDate"));
  EXPECT_EQ(all.events.size(), 13u);
}

// Its name says that the authority is wrong, but its bytes are those of CIN_Census_2021.xml.
TEST(RealCensus, TheSampleNamedForABrokenAuthorityReadsLikeItsTwin) {
  SKIP_WITHOUT(kData + "uk_cin_census_fake");
  const AllRows named = Census("CIN_la_issues_2887Q.xml"), twin = Census("CIN_Census_2021.xml");
  ASSERT_EQ(named.events.size(), twin.events.size());
  for (size_t i = 0; i < twin.events.size(); ++i) {
    EXPECT_EQ(named.events[i].bytes, twin.events[i].bytes);
  }
}

}  // namespace
}  // namespace dolen
