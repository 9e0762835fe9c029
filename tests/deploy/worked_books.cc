#include "tests/deploy/worked_books.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "engine/pathway/zone_proto.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using pathway::v1::Book;

// Agencies in three nations; a school with made-up terms; and what only the rows themselves say.
constexpr char kLocal[] = R"(
  agency { id: "cyngor" kind: "council" nation: "wales" }
  agency { id: "alba" kind: "council" nation: "scotland" }
  agency { id: "lloegr" kind: "council" nation: "england" }
  agency { id: "heddlu" kind: "police" nation: "wales" }
  agency { id: "iechyd" kind: "health_board" nation: "wales" }
  agency { id: "ysgol" kind: "school" nation: "wales" authority: "W06000015" }
  calendar { id: "ysgol" authority: "W06000015" school: true from: "2026-01-05" to: "2026-03-27"
    opens: "09:00" closes: "15:30" closed { from: "2026-02-16" to: "2026-02-20" } }
  rule { id: "CUT-OFF" start { is: "report_received" } stop { is: "decision_recorded" }
    limit { allow { working_days: 1 } cut_off: "16:00" } }
  rule { id: "AS-MONDAY" start { is: "report_received" } stop { is: "decision_recorded" }
    limit { allow { working_days: 1 } closed_start_moves: true } }
  rule { id: "ROLL-NEXT" start { is: "initial_conference_held" }
    stop { is: "review_conference_held" }
    limit { allow { months: 3 } roll: NEXT } }
  rule { id: "ROLL-BACK" start { is: "initial_conference_held" }
    stop { is: "review_conference_held" }
    limit { allow { months: 3 } roll: PREVIOUS } }
  rule { id: "MOVE-CALENDAR" start { is: "move_notified" } stop { is: "move_information_received" }
    limit { allow { calendar_days: 3 } } }
  rule { id: "ERS-WEEKDAYS" start { is: "referral_made" } stop { is: "referral_accepted" }
    limit { allow { weekdays: 2 } } }
  rule { id: "ERS-WORKING" start { is: "referral_made" } stop { is: "referral_accepted" }
    limit { allow { working_days: 2 } } }
  rule { id: "PAUSABLE" start { is: "report_received" } stop { is: "decision_recorded" }
    limit { allow { working_days: 42 } }
    pause { begin { is: "clock_paused" } end { is: "clock_resumed" } } }
  rule { id: "PAUSABLE-5" start { is: "report_received" } stop { is: "decision_recorded" }
    limit { allow { working_days: 42 } }
    pause { begin { is: "clock_paused" } end { is: "clock_resumed" } cap { working_days: 5 } } }
  rule { id: "TEN-THEN-FIVE" valid_to: "2026-05-01" start { is: "report_received" }
    stop { is: "decision_recorded" } limit { allow { calendar_days: 10 } } }
  rule { id: "TEN-THEN-FIVE" valid_from: "2026-05-01" start { is: "report_received" }
    stop { is: "decision_recorded" } limit { allow { calendar_days: 5 } } })";

// All books of Wales, England and Scotland, the calendars and kLocal, as one.
Book Shipped() {
  std::set<std::string> files = {"deploy/books/england.textproto",
                                 "deploy/books/scotland.textproto",
                                 "deploy/books/uk-calendars.textproto"};
  for (const auto& entry : std::filesystem::directory_iterator("deploy/books/wales")) {
    files.insert(entry.path().string());
  }
  Book all;
  for (const std::string& file : files) {
    const CheckedBook checked = ParseBook(ReadFile(file));
    EXPECT_TRUE(checked.ok()) << file;
    all.MergeFrom(checked.book);
  }
  Book local;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kLocal, &local));
  for (pathway::v1::Rule& rule : *local.mutable_rule()) rule.set_accountable("starter");
  all.MergeFrom(local);
  all.set_id("all");
  all.set_version("1");
  all.set_zone("Europe/London");
  return all;
}

std::string Words(const ExampleTime& time) {
  return absl::FormatCivilTime(time.at).substr(0, time.is_day ? 10 : 16);
}

}  // namespace

void Scotland2014(Book& book) {
  auto& rules = *book.mutable_rule();
  for (int i = rules.size() - 1; i >= 0; --i) {
    if (rules[i].valid_from() == "2014-01-01") rules[i].clear_valid_to();
    if (rules[i].valid_from() == "2021-01-01") rules.DeleteSubrange(i, 1);
  }
}

void ScamhsGoesOn(Book& book) {
  for (pathway::v1::Rule& rule : *book.mutable_rule()) {
    if (rule.id() == "W-SCAMHS") rule.clear_valid_to();
  }
}

void BeforeTheFuneralWasDeclared(Book& book) {
  for (pathway::v1::Calendar& calendar : *book.mutable_calendar()) {
    auto& closed = *calendar.mutable_closed();
    closed.erase(std::remove_if(closed.begin(), closed.end(),
                                [](const auto& day) { return day.from() == "2022-09-19"; }),
                 closed.end());
  }
}

World::World(BookChange change) : book(Shipped()) {
  if (change != nullptr) change(book);
  zone = *ZoneFromProto(story::LondonTable());
  EXPECT_TRUE(books.Add(book, zone, absl::UnixEpoch()).ok());
  library = second::Read({{book, absl::UnixEpoch()}});
}

const World& WorldOf(BookChange change) {
  static auto* const worlds = new std::map<BookChange, std::unique_ptr<World>>;
  std::unique_ptr<World>& world = (*worlds)[change];
  if (world == nullptr) world = std::make_unique<World>(change);
  return *world;
}

SecondCase::SecondCase(const Example& example, const World& world) : world_(world) {
  int number = 0;
  for (const ExampleEvent& said : example.events) {
    events_.push_back({OpenOf(said, ++number, "cyngor", world.zone), ""});
    recorded_.push_back(Begin(said.recorded ? *said.recorded : said.occurred));
    end_ = std::max({end_, End(said.occurred), End(said.recorded.value_or(said.occurred))});
  }
}

std::string SecondCase::Failure(const Expectation& expected) const {
  if (expected.what == Expectation::kState) {
    absl::Time at = end_;
    if (expected.on) at = expected.on->is_day ? End(*expected.on) : Begin(*expected.on);
    std::vector<second::Said> known;
    for (size_t i = 0; i < events_.size(); ++i) {
      if (recorded_[i] <= at) known.push_back(events_[i]);
    }
    const std::vector<second::Clock> clocks = Find(expected, known);
    const std::string state = clocks.size() == 1 ? second::StateAt(clocks[0], at)
                                                 : absl::StrCat(clocks.size(), " clocks");
    const bool is_none = clocks.empty() && expected.state == "not_started";
    return state == expected.state || is_none ? "" : absl::StrCat(expected.rule, ": ", state);
  }
  const std::vector<second::Clock> clocks = Find(expected, events_);
  if (expected.what == Expectation::kNone) {
    return clocks.empty() ? "" : absl::StrCat(expected.rule, ": a clock");
  }
  if (clocks.size() != 1) return absl::StrCat(expected.rule, ": ", clocks.size(), " clocks");
  const absl::Time want = expected.what == Expectation::kLast
                              ? End(expected.time) + absl::Microseconds(1)
                              : Begin(expected.time);
  return clocks[0].due == want ? ""
                               : absl::StrCat(expected.rule, ": due ", story::Text(clocks[0].due),
                                              ", not as ", Words(expected.time));
}

absl::Time SecondCase::Begin(const ExampleTime& time) const {
  return absl::FromCivil(time.at, second::ZoneOf("Europe/London"));
}
absl::Time SecondCase::End(const ExampleTime& time) const {
  return second::EndOf(absl::CivilDay(time.at), second::ZoneOf("Europe/London"));
}
std::vector<second::Clock> SecondCase::Find(const Expectation& expected,
                                            const std::vector<second::Said>& said) const {
  std::vector<second::Clock> found;
  for (const second::Clock& clock : second::Draw(said, world_.library)) {
    if (clock.rule.id() != expected.rule) continue;
    const absl::CivilDay start =
        absl::ToCivilDay(clock.start.from, second::ZoneOf("Europe/London"));
    if (expected.started && start != absl::CivilDay(expected.started->at)) continue;
    found.push_back(clock);
  }
  return found;
}

}  // namespace dolen
