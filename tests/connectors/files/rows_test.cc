#include "connectors/files/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_replace.h"
#include "engine/base/time.h"
#include "tests/connectors/files/helpers.h"

namespace dolen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMapping[] = R"(
zone: "Europe/London"
keep { column: "Kind" is_not: "Note" }
event {
  child { issuer: "nhs" value { column: "NHS" } }
  child { value { column: "Case" } }
  matter { id { column: "Referral" } }
  is {
    column: "Kind"
    map { from: "Referral" to: "referral_made" }
    map { from: "Strategy" to: "strategy_held" }
  }
  agency { column: "Team" slug: true }
  occurred { column: "When" format: "%d/%m/%Y %H:%M" format: "%Y-%m-%d %H:%M" }
  recorded { column: "Seen" format: "%d/%m/%Y %H:%M" }
  service_type { column: "Service" slug: true }
  field { name: "wanted_by" when { column: "Wanted" day: true } }
  field { name: "score" number { column: "Score" } }
}
)";
constexpr char kHeader[] = "NHS,Case,Referral,Kind,Team,When,Seen,Service,Wanted,Score\n";

AllRows Read(absl::string_view rows, absl::string_view mapping = kMapping,
             absl::string_view header = kHeader) {
  const TempFolder folder;
  const CheckedMapping checked = ParseMapping(mapping);
  EXPECT_TRUE(checked.ok()) << Findings(checked);
  return ReadAll(OpenCsv(folder.Write("rows.csv", absl::StrCat(header, rows)), checked));
}

TEST(Rows, ARowBecomesAnEvent) {
  const AllRows all = Read(
      "943 476 5919,C7,R 1,Referral,Cardiff North,02/03/2026 09:30,03/03/2026 10:00,Speech & "
      "Language,2026-04-01,-5\n");
  ASSERT_EQ(all.events.size(), 1u) << (all.bad.empty() ? "" : all.bad[0].Text());
  const FileEvent& file = all.events[0];
  EXPECT_EQ(file.agency, "cardiff_north");
  EXPECT_EQ(Rfc3339(file.occurred), "2026-03-02T09:30:00Z");
  EXPECT_EQ(Rfc3339(*file.recorded), "2026-03-03T10:00:00Z");
  EXPECT_EQ(file.child_issuer + ":" + file.child_value, "nhs:9434765919");
  EXPECT_EQ(file.matter_agency + ":" + file.matter_id, "cardiff_north:R 1");
  const event::v1::Event event = all.Event(0);
  EXPECT_EQ(event.contract(), 1u);
  EXPECT_EQ(event.open().kind(), event::v1::KIND_REFERRAL_MADE);
  EXPECT_EQ(event.open().milestone(), "");
  EXPECT_EQ(event.open().agency(), "cardiff_north");
  EXPECT_EQ(event.open().event_id(), file.event_id);
  EXPECT_EQ(event.open().occurred().instant().seconds(), 1772443800);
  EXPECT_EQ(event.open().service_type(), "speech_language");
  EXPECT_EQ(event.open().fields(0).when().day(), "2026-04-01");
  EXPECT_EQ(event.open().fields(1).number(), -5);
  ASSERT_EQ(event.private_().child_size(), 2);
  EXPECT_EQ(event.private_().child(1).issuer(), "cardiff_north");
  EXPECT_EQ(event.private_().child(1).value(), "C7");
}

TEST(Rows, EmptyColumnsLeaveTheirFieldsOut) {
  const AllRows all = Read(",C7,,Strategy,North,2026-03-02 09:30,,,,\n");
  ASSERT_EQ(all.events.size(), 1u);
  const event::v1::Event event = all.Event(0);
  EXPECT_EQ(event.open().kind(), event::v1::KIND_MILESTONE_REACHED);
  EXPECT_EQ(event.open().milestone(), "strategy_held");
  EXPECT_FALSE(event.open().has_matter());
  EXPECT_EQ(event.open().fields_size(), 0);
  EXPECT_FALSE(all.events[0].recorded.has_value());
  EXPECT_EQ(event.private_().child_size(), 1);
}

TEST(Rows, BadRowsNameFileLineColumnAndReasonAndTheRestGoesOn) {
  struct Case {
    const char* row;
    int column;
    const char *code, *field;
  };
  const Case cases[] = {
      {"1,,,Referral,North,30/02/2026 09:30,,,,\n", 6, "bad_time", "open.occurred"},
      {"1,,,Referral,North,infinite-future,,,,\n", 6, "bad_time", "open.occurred"},
      {"1,,,Referral,North,02/03/2026 24:00,,,,\n", 6, "bad_time", "open.occurred"},
      {"1,,,Referral,North,02/03/20266 09:30,,,,\n", 6, "bad_time", "open.occurred"},
      {"1,,,Referral,North,,,,,\n", 6, "missing_occurred", "open.occurred"},
      {"1,,,Referral,North,02/03/2026 09:30,yesterday,,,\n", 7, "bad_time", "recorded"},
      {" , ,,Referral,North,02/03/2026 09:30,,,,\n", 1, "missing_child", "private.child"},
      {"1,,,Secret wish,North,02/03/2026 09:30,,,,\n", 4, "unknown_value", "open.kind"},
      {"1,,,,North,02/03/2026 09:30,,,,\n", 4, "unknown_kind", "open.kind"},
      {"1,,,Referral,,02/03/2026 09:30,,,,\n", 5, "missing_agency", "open.agency"},
      {"1,,,Referral,??,02/03/2026 09:30,,,,\n", 5, "bad_name", "open.agency"},
      {"1,,,Referral,North,02/03/2026 09:30,,,2026-13-01,\n", 9, "bad_time",
       "open.fields.wanted_by"},
      {"1,,,Referral,North,02/03/2026 09:30,,,,many\n", 10, "bad_number", "open.fields.score"},
      {"1,,,Referral,North,02/03/2026 09:30,,,\n", 9, "wrong_columns", ""},
      {"1,,,Referral,North,02/03/2026 09:30,,,,,surplus\n", 11, "wrong_columns", ""},
      {"1,,,Referral,N\xFForth,02/03/2026 09:30,,,,\n", 5, "invalid_utf8", ""},
      {"1,\"x\"y,,Referral,North,02/03/2026 09:30,,,,\n", 2, "bad_quoting", ""},
  };
  std::string rows;
  for (const Case& c : cases) {
    absl::StrAppend(&rows, c.row,
                    "\"1\n\",,,Referral,North,02/03/2026 09:30,,,,\n");  // a good one of two lines
  }
  const AllRows all = Read(rows);
  EXPECT_TRUE(all.status.ok());
  EXPECT_EQ(all.events.size(), std::size(cases));
  ASSERT_EQ(all.bad.size(), std::size(cases));
  for (size_t i = 0; i < std::size(cases); ++i) {
    EXPECT_THAT(all.bad[i].file, ::testing::EndsWith("/rows.csv"));
    EXPECT_EQ(all.bad[i].line, 2 + 3 * static_cast<int64_t>(i)) << all.bad[i].Text();
    EXPECT_EQ(all.lines[i], 3 + 3 * static_cast<int64_t>(i));
    EXPECT_EQ(all.bad[i].column, cases[i].column) << all.bad[i].Text();
    EXPECT_EQ(all.bad[i].rejection.code, cases[i].code) << all.bad[i].Text();
    EXPECT_EQ(all.bad[i].rejection.field, cases[i].field);
    EXPECT_EQ(all.bad[i].raw + "\n", cases[i].row);
    // Sentences are shown and logged: nothing that stands in the row may be in them.
    EXPECT_THAT(all.bad[i].Text(), Not(HasSubstr("Secret")));
  }
}

TEST(Rows, FilteredRowsAreCountedAndNeedNotBeValid) {
  const AllRows all = Read("1,,,Note,,nonsense,,,,\n1,,,Referral,North,02/03/2026 09:30,,,,\n");
  EXPECT_EQ(all.read, 2);
  EXPECT_EQ(all.filtered, 1);
  EXPECT_EQ(all.events.size(), 1u);
}

TEST(Rows, IdentityIsStableAcrossReadingsAndFileNames) {
  const std::string rows =
      "1,,,Referral,North,02/03/2026 09:30,,,,\n"
      "1,,,Referral,North,02/03/2026 09:30,,,,\n"
      "1,,,Strategy,North,02/03/2026 09:30,,,,\n"
      "1,,,Referral,North,02/03/2026 09:30,,,,\n";
  const AllRows first = Read(rows), again = Read(rows);
  ASSERT_EQ(first.events.size(), 4u);
  std::set<std::string> ids;
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(first.events[i].bytes, again.events[i].bytes);
    EXPECT_TRUE(ids.insert(first.events[i].event_id).second);
  }
  const std::string& base = first.events[0].event_id;
  EXPECT_THAT(base, ::testing::MatchesRegex("row-[0-9a-f]{32}"));
  EXPECT_EQ(first.events[1].event_id, base + "-2");
  EXPECT_EQ(first.events[3].event_id, base + "-3");
  // Written down, since a changed hash would import every old file a second time.
  EXPECT_EQ(base, "row-4d1a587c2ede9bd16528d427c8d79d5f");
}

TEST(Rows, WhereFieldsEndIsPartOfIdentity) {
  RowHash a, b;
  a.Add("1,");
  a.Add("x");
  b.Add("1");
  b.Add(",x");
  EXPECT_NE(a.Hex(), b.Hex());
}

TEST(Rows, AnIdOfTheFileGoesBeforeTheHash) {
  const AllRows all = Read("C1,E-7,2026-03-02\n", R"(event {
      child { issuer: "x" value { column: "child" } } is { fixed: "seen" } agency { fixed: "a" }
      event_id { column: "id" } occurred { column: "day" day: true } })",
                           "child,id,day\n");
  ASSERT_EQ(all.events.size(), 1u);
  EXPECT_EQ(all.events[0].event_id, "E-7");
  EXPECT_EQ(all.Event(0).open().occurred().day(), "2026-03-02");
}

constexpr char kTimes[] = R"(zone: "Europe/London" event {
    child { issuer: "x" value { column: "c" } } is { fixed: "seen" } agency { fixed: "a" }
    occurred { column: "d" column: "t" format: "%Y-%m-%d %H:%M:%E*S"
               format: "%Y-%m-%d %H:%M:%S %Ez" } })";

TEST(Rows, LocalTimesAreReadInTheMappingsZone) {
  const struct {
    const char *day, *time, *instant;
  } cases[] = {
      {"2026-07-01", "12:00:00", "2026-07-01T11:00:00Z"},
      {"2026-10-25", "01:30:00.250", "2026-10-25T00:30:00.25Z"},  // twice: the earlier
      {"2026-03-29", "01:30:00", "2026-03-29T01:00:00Z"},         // skipped: the end of the gap
      {"2026-07-01", "12:00:00 +02:00", "2026-07-01T10:00:00Z"},  // says its own offset
      {"1899-12-31", "00:00:00", "1899-12-31T00:00:00Z"},  // whether that may be is for admission
  };
  for (const auto& c : cases) {
    const AllRows all = Read(absl::StrCat("1,", c.day, ",", c.time, "\n"), kTimes, "c,d,t\n");
    ASSERT_EQ(all.events.size(), 1u) << c.day;
    EXPECT_EQ(Rfc3339(all.events[0].occurred), c.instant);
  }
  const AllRows leap = Read("1,2016-12-31,23:59:60\n", kTimes, "c,d,t\n");
  ASSERT_EQ(leap.bad.size(), 1u);
  EXPECT_EQ(leap.bad[0].rejection.code, "bad_time");
}

TEST(Rows, OneRowMayGiveSeveralEvents) {
  constexpr char kCallout[] = R"(
common {
  child { issuer: "mimic" value { column: "subject_id" } }
  matter { id { column: "row_id" } }
  agency { fixed: "icu" }
}
event {
  name: "asked"
  is { fixed: "referral_made" }
  occurred { column: "createtime" format: "%Y-%m-%d %H:%M:%S" }
}
event {
  name: "taken"
  when { column: "acknowledgetime" not_empty: true }
  is { fixed: "referral_accepted" }
  occurred { column: "acknowledgetime" format: "%Y-%m-%d %H:%M:%S" }
}
)";
  constexpr char kColumns[] = "row_id,subject_id,createtime,acknowledgetime\n";
  const AllRows all =
      Read("7,1,2150-01-01 10:00:00,2150-01-01 10:20:00\n8,1,2150-01-02 10:00:00,\n", kCallout,
           kColumns);
  ASSERT_EQ(all.events.size(), 3u);
  EXPECT_EQ(all.read, 2);
  EXPECT_EQ(all.Event(1).open().kind(), event::v1::KIND_REFERRAL_ACCEPTED);
  EXPECT_THAT(all.events[0].event_id, HasSubstr("-asked"));
  EXPECT_THAT(all.events[1].event_id, HasSubstr("-taken"));
  EXPECT_EQ(all.events[0].event_id.substr(0, 36), all.events[1].event_id.substr(0, 36));
  // All of a row or nothing of it.
  const AllRows half = Read("7,1,2150-01-01 10:00:00,soon\n", kCallout, kColumns);
  EXPECT_TRUE(half.events.empty());
  ASSERT_EQ(half.bad.size(), 1u);
  EXPECT_EQ(half.bad[0].column, 4);
}

TEST(Rows, FilesWithoutHeaderTakeTheirNamesFromTheMapping) {
  const AllRows all = Read("C1\tseen\t2026-03-02\nC2\tseen\t2026-03-02\n", R"(
    csv { separator: "\t" column: "child" column: "what" column: "day" }
    event { child { issuer: "x" value { column: "child" } } is { column: "what" slug: true }
            agency { fixed: "a" } occurred { column: "day" day: true } })",
                           "");
  EXPECT_EQ(all.events.size(), 2u);
  EXPECT_EQ(all.lines[0], 1);
}

TEST(Rows, Windows1252IsReadAsSuch) {
  const AllRows all = Read("C1,Andr\xE9,2026-03-02\n", R"(csv { encoding: "windows-1252" } event {
      child { issuer: "x" value { column: "child" } } child_name { column: "name" }
      is { fixed: "seen" }
      agency { fixed: "a" } occurred { column: "day" day: true } })",
                           "child,name,day\n");
  ASSERT_EQ(all.events.size(), 1u);
  EXPECT_EQ(all.Event(0).private_().child_name(), "Andr\xC3\xA9");
}

TEST(Rows, AMappingThatDoesNotFitTheHeaderSaysWhatIsThere) {
  const AllRows lacks = Read("", kMapping, "NHS,Case,Referral\n");
  EXPECT_EQ(lacks.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(lacks.status.message()),
              HasSubstr("column \"Kind\" is not there; there are: \"NHS\""));
  const AllRows twice = Read("", kMapping, absl::StrReplaceAll(kHeader, {{"Score", "Kind"}}));
  EXPECT_THAT(std::string(twice.status.message()), HasSubstr("column \"Kind\" is there twice"));
  EXPECT_THAT(std::string(Read("", kMapping, "").status.message()), HasSubstr("empty"));
  EXPECT_THAT(std::string(Read("", kMapping, "\xFF\xFEN\0H").status.message()),
              HasSubstr("UTF-16"));
}

TEST(Rows, ACutGzipFileGivesItsRowsThenSaysThatItIsDamaged) {
  const TempFolder folder;
  std::string text = kHeader;
  for (int i = 0; i < 20000; ++i) {
    absl::StrAppend(&text, i, ",,,Referral,North,02/03/2026 09:30,,,,", i * 7919 % 100003, "\n");
  }
  const std::string packed = Gzip(text);
  const AllRows whole =
      ReadAll(OpenCsv(folder.Write("rows.csv.gz", packed), ParseMapping(kMapping)));
  EXPECT_EQ(whole.events.size(), 20000u);
  EXPECT_TRUE(whole.bad.empty());
  const AllRows cut = ReadAll(OpenCsv(
      folder.Write("rows.csv.gz", packed.substr(0, packed.size() / 2)), ParseMapping(kMapping)));
  EXPECT_TRUE(cut.status.ok());
  EXPECT_GT(cut.events.size(), 5000u);
  ASSERT_EQ(cut.bad.size(), 1u);
  EXPECT_EQ(cut.bad[0].rejection.code, "damaged_file");
  // The row that broke off, or the last one read if the break is right behind it.
  EXPECT_GE(cut.bad[0].line, cut.lines.back());
  EXPECT_LE(cut.bad[0].line, cut.lines.back() + 1);
  EXPECT_EQ(cut.bad[0].raw, "");
}

}  // namespace
}  // namespace dolen
