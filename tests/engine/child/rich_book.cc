#include "tests/engine/child/rich_book.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "google/protobuf/text_format.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

// Units that one clock mixes: a cap is in the unit of its limits.
enum Kind { kElapsed, kCivil, kWorking, kSchool, kWeekdays, kOpenings, kKinds, kNone };

constexpr const char* kParties[] = {"starter",  "asked",      "asker",       "agency:a",
                                    "agency:s", "role:chair", "kind:council"};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  DOLEN_CHECK(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

bool HasErrors(const pathway::v1::Book& book) {
  const std::vector<Finding> findings = CheckBook(book);
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Finding::kError; });
}

}  // namespace

RichBooks::RichBooks(Dice& dice, absl::CivilDay around) : dice_(dice), around_(around) {
  constexpr const char* kPer[] = {"",
                                  R"(per: "child" )",
                                  R"(per: "thread" )",
                                  R"(per: "agency" )",
                                  R"(per: "placement" )",
                                  R"(per: "matter" per: "placement" )"};
  for (std::string& per : per_) per = dice_.Chance(40) ? "" : dice_.One(kPer);
  // The first rule's falling due is a moment for others of the same key.
  for (int rule = 2; rule <= kRichRules; ++rule) {
    if (dice_.Chance(40)) per_[rule] = per_[1];
  }
}

std::string RichBooks::Day(int offset) const { return DayText(around_ + offset); }

std::string RichBooks::Name() {
  constexpr const char* kKinds[] = {"referral_made", "referral_declined", "referral_redirected",
                                    "episode_opened", "episode_closed"};
  return dice_.Chance(80) ? dice_.One(kRichNames) : dice_.One(kKinds);
}

std::string RichBooks::Where() {
  switch (dice_.Below(6)) {
    case 0:
      return R"(where { field: "reason" is: "full" is: "" })";
    case 1:
      return R"(where { field: "role" is: "chair" })";
    case 2:
      return R"(where { field: "placement" is: "p1" })";
    case 3:
      return R"(where { field: "score" below: 5 })";
    case 4:
      return R"(where { field: "age" below: 5 })";
    default:
      return absl::StrCat(R"(where { field: "hours" is: ")", dice_.Chance(50) ? "in" : "out",
                          "\" }");
  }
}

std::string RichBooks::Pattern(bool top) {
  constexpr const char* kBy[] = {"asked", "asker", "agency:b", "kind:police"};
  std::string text = absl::StrCat("is: \"", Name(), "\" ");
  if (dice_.Chance(top ? 7 : 4)) absl::StrAppend(&text, "by: \"", dice_.One(kBy), "\" ");
  if (dice_.Chance(10)) absl::StrAppend(&text, Where());
  if (!top) {
    if (dice_.Chance(30)) absl::StrAppend(&text, "ago {", Amount(dice_.Below(2), false), "}");
    return text;
  }
  if (dice_.Chance(10)) absl::StrAppend(&text, " given {", Pattern(false), "}");
  if (dice_.Chance(10)) absl::StrAppend(&text, " unless {", Pattern(false), "}");
  if (dice_.Chance(15)) absl::StrAppend(&text, " or {", Pattern(true), "}");
  return text;
}

std::string RichBooks::Moment(int rule) {
  if (rule == 1 || per_[rule] != per_[1] || !dice_.Chance(35)) return Pattern(true);
  std::string text = R"(overdue: "R1" )";
  if (dice_.Chance(30)) absl::StrAppend(&text, "or {", Pattern(true), "}");
  return text;
}

std::string RichBooks::Amount(int kind, bool may_be_negative) {
  const int sign = may_be_negative && dice_.Chance(12) ? -1 : 1;
  const auto upto = [&](int high) { return sign * dice_.Below(high + 1); };
  switch (kind) {
    case kElapsed:
      return dice_.Chance(30) ? absl::StrCat("minutes: ", upto(3) * 60)
                              : absl::StrCat("hours: ", upto(90));
    case kCivil:
      switch (dice_.Below(6)) {
        case 0:
          return absl::StrCat("months: ", upto(2));
        case 1:
          return "years: 1";
        case 2:
          return absl::StrCat("weeks: ", upto(2));
        default:
          return absl::StrCat("calendar_days: ", upto(9));
      }
    case kWorking:
      return absl::StrCat("working_days: ", upto(9));
    case kSchool:
      return absl::StrCat("school_days: ", upto(7));
    case kWeekdays:
      return absl::StrCat("weekdays: ", upto(7));
    default:
      return absl::StrCat("school_openings: ", dice_.From(1, 3));
  }
}

std::string RichBooks::Limit(int kind, bool each) {
  std::string text;
  if (dice_.Chance(12)) {
    absl::StrAppend(&text, "when {", dice_.Chance(50) ? Where() : "",
                    dice_.Chance(60) ? " given {" : " unless {", Pattern(false), "} } ");
  }
  if (dice_.Chance(15)) {
    absl::StrAppend(&text, "from {");
    const bool event = dice_.Chance(60);
    if (event) absl::StrAppend(&text, " event {", Pattern(true), "}");
    if (!event || dice_.Chance(40)) absl::StrAppend(&text, R"( field: "planned_for")");
    absl::StrAppend(&text, "} ");
  }
  if (each && kind == kCivil && dice_.Chance(50)) {
    constexpr const char* kWindows[] = {"calendar_days: 20", "weeks: 5", "months: 1"};
    return absl::StrCat(text, "allow { calendar_days: ", dice_.From(2, 14), " } within {",
                        dice_.One(kWindows), "} ");
  }
  if (kind == kElapsed || kind == kOpenings) {
    return absl::StrCat(text, "allow {", Amount(kind, kind == kElapsed), "} ");
  }
  const std::string amount = Amount(kind, true);
  const bool back = absl::StrContains(amount, "-");
  const bool whole = absl::StrContains(amount, "months") || absl::StrContains(amount, "years");
  absl::StrAppend(&text, "allow {", amount, "} ");
  if (!whole && dice_.Chance(20)) absl::StrAppend(&text, R"(cut_off: "16:00" )");
  if (!whole && dice_.Chance(20)) absl::StrAppend(&text, "closed_start_moves: true ");
  if (!whole && !back && dice_.Chance(15)) absl::StrAppend(&text, "start_day_is_one: true ");
  if (dice_.Chance(10)) absl::StrAppend(&text, "before_last_day: true ");
  if (dice_.Chance(15)) {
    absl::StrAppend(&text, "roll: ", dice_.Chance(50) ? "NEXT " : "PREVIOUS ");
  }
  if (dice_.Chance(15)) absl::StrAppend(&text, "calendar_of: \"", dice_.One(kParties), "\" ");
  return text;
}

// Of one kind, so that a cap has one unit; or of any, and then without pauses.
std::string RichBooks::Limits(bool each, bool may_be_none, int& kind) {
  kind = dice_.Below(kKinds);
  if (may_be_none && dice_.Chance(12)) {
    kind = kNone;
    return "";
  }
  const bool mixed = dice_.Chance(40);
  const auto next = [&] { return mixed ? dice_.Below(kKinds) : kind; };
  std::string text = absl::StrCat("limit {", Limit(next(), each), "} ");
  while (dice_.Chance(25)) absl::StrAppend(&text, "limit {", Limit(next(), each), "} ");
  if (dice_.Chance(20)) absl::StrAppend(&text, "target {", Limit(next(), each), "} ");
  if (dice_.Chance(40)) absl::StrAppend(&text, "several: LATEST ");
  if (mixed) kind = kKinds;
  return text;
}

std::string RichBooks::Pauses(int kind) {
  std::string text;
  if (kind == kOpenings || kind == kKinds) return text;
  constexpr const char* kOwners[] = {"family", "asked", "starter"};
  constexpr const char* kUnits[] = {"hours", "calendar_days", "working_days", "school_days",
                                    "weekdays"};
  for (int i = dice_.Chance(50) ? dice_.From(1, 2) : 0; i > 0; --i) {
    absl::StrAppend(&text, R"(pause { begin { is: "clock_paused")",
                    dice_.Chance(20) ? R"( or { is: "m3" })" : "",
                    R"( } end { is: "clock_resumed" } )");
    if (dice_.Chance(30)) absl::StrAppend(&text, R"(cause: "full" )");
    if (dice_.Chance(40)) absl::StrAppend(&text, "owner: \"", dice_.One(kOwners), "\" ");
    if (kind != kNone && dice_.Chance(40)) {
      const int most = kind == kElapsed ? dice_.From(1, 60) : dice_.From(1, 6);
      absl::StrAppend(&text, "cap {", kUnits[kind], ": ", most, "} ");
    }
    absl::StrAppend(&text, "} ");
  }
  return text;
}

std::string RichBooks::Levels(bool target) {
  constexpr const char* kBefore[] = {"hours: -5", "calendar_days: -1", "working_days: -1",
                                     "school_days: -2"};
  constexpr const char* kAfter[] = {"hours: 30", "calendar_days: 2", "working_days: 2", "weeks: 1"};
  std::string text;
  if (dice_.Chance(50)) {
    absl::StrAppend(&text, R"(level { name: "due_soon" offset {)", dice_.One(kBefore), "} } ");
  }
  absl::StrAppend(&text, R"(level { name: "overdue" } )");
  if (dice_.Chance(50)) {
    absl::StrAppend(&text, R"(level { name: "chief" offset {)", dice_.One(kAfter), "} } ");
  }
  if (target) {
    absl::StrAppend(&text, R"(level { name: "wished" of_target: true )",
                    dice_.Chance(30) ? "offset { calendar_days: -1 }" : "", "} ");
  }
  return text;
}

std::string RichBooks::Fields(int rule) {
  constexpr const char* kMayExcuse[] = {"agency:b", "kind:police", "role:head",
                                        "asked",    "asker",       "kind:council"};
  const int opens = dice_.Below(3);
  const bool each = opens == 2;
  std::string text = absl::StrCat("accountable: \"", dice_.One(kParties), "\" ");
  absl::StrAppend(&text, opens == 1 ? "opens: AGAIN " : each ? "opens: EACH " : "");
  const bool last = !each && dice_.Chance(35);
  if (last) absl::StrAppend(&text, "which: LAST ");
  for (int i = !each && dice_.Chance(25) ? 2 : 1; i > 0; --i) {
    // A moment may lie ahead, where the last start must not.
    absl::StrAppend(&text, "start {", last ? Pattern(true) : Moment(rule), "} ");
  }
  const int stops = dice_.Chance(15) ? 0 : dice_.Chance(25) ? 2 : 1;
  for (int i = 0; i < stops; ++i) absl::StrAppend(&text, "stop {", Moment(rule), "} ");
  if (dice_.Chance(40)) absl::StrAppend(&text, "cancel {", Moment(rule), "} ");
  if (opens != 1 && stops > 0 && dice_.Chance(15)) absl::StrAppend(&text, "done_before: true ");
  int kind = 0;
  // Others wait for the first to fall due.
  const std::string limits = Limits(each, rule != 1, kind);
  absl::StrAppend(&text, limits, Pauses(kind), Levels(absl::StrContains(limits, "target")));
  if (dice_.Chance(50)) {
    absl::StrAppend(&text, "exception_by: \"", dice_.One(kMayExcuse), "\" ");
  }
  if (dice_.Chance(8)) absl::StrAppend(&text, R"(scope: "nation:wales" )");
  if (dice_.Chance(8)) absl::StrAppend(&text, R"(scope: "agency:s" )");
  return text;
}

void RichBooks::AddRule(int rule, pathway::v1::Book& book) {
  const int versions = dice_.Chance(25) ? dice_.From(2, 3) : 1;
  for (int i = 0; i < versions; ++i) {
    pathway::v1::Rule& added = *book.add_rule();
    // What a board could not publish is no test; so once more.
    do {
      added =
          Parse<pathway::v1::Rule>(absl::StrCat("id: \"R", rule, "\" ", per_[rule], Fields(rule)));
    } while (HasErrors(book));
    if (versions == 1) break;
    if (i + 1 < versions) added.set_valid_to(Day(3 * i));
    if (i > 0) added.set_valid_from(Day(3 * i - 3 - (dice_.Chance(50) ? 0 : 2)));
  }
}

void RichBooks::AddCalendars(pathway::v1::Book& book) {
  const auto calendar = [&](const std::string& id, const std::string& fields) {
    *book.add_calendar() = Parse<pathway::v1::Calendar>(
        absl::StrCat("id: \"", id, "\" from: \"", Day(-400), "\" to: \"",
                     Day(dice_.Chance(70) ? 800 : dice_.From(5, 30)), "\" ", fields));
  };
  const auto closed = [&](int from, int to, const std::string& announced = "") {
    return absl::StrCat("closed { from: \"", Day(from), "\" to: \"", Day(to), "\" ",
                        announced.empty() ? "" : "announced: \"" + announced + "\"", "} ");
  };
  const std::string office = R"(opens: "09:00" closes: "17:00" )";
  calendar("wales", (dice_.Chance(70) ? R"(nation: "wales" )" : "") + office + closed(5, 8) +
                        (dice_.Chance(50) ? closed(11, 11, Day(dice_.From(0, 10))) : ""));
  calendar("scotland", R"(nation: "scotland" )" + (dice_.Chance(50) ? office : "") + closed(5, 5));
  if (dice_.Chance(30)) calendar("county", R"(authority: "B1" )" + office + closed(6, 7));
  // Terms: a holiday of some days, and now and then one day more.
  calendar("terms", R"(school: true opens: "08:50" closes: "15:10" )" + closed(3, 9) +
                        (dice_.Chance(30) ? closed(14, 14, Day(dice_.From(1, 13))) : ""));
  if (dice_.Chance(30)) {
    calendar("county_terms", R"(school: true authority: "B1" opens: "09:15" )" + closed(4, 12));
  }
}

pathway::v1::Book RichBooks::First() {
  pathway::v1::Book book = BookOf("");
  book.clear_calendar();
  for (pathway::v1::Agency& agency : *book.mutable_agency()) {
    if (agency.id() == "b") agency.set_authority("B1");
  }
  AddCalendars(book);
  for (int rule = dice_.From(1, kRichRules); rule > 0; --rule) AddRule(rule, book);
  return book;
}

pathway::v1::Book RichBooks::Next(const pathway::v1::Book& book, int version) {
  pathway::v1::Book next = book;
  next.clear_rule();
  next.set_version(absl::StrCat(version));
  for (int rule = 1; rule <= kRichRules; ++rule) {
    // The first stays in some form, since others wait for it.
    const int fate = rule == 1 ? dice_.Below(2) * 2 : dice_.Below(4);
    for (const pathway::v1::Rule& known : book.rule()) {
      if (known.id() == absl::StrCat("R", rule) && fate > 1) *next.add_rule() = known;
    }
    if (fate == 0) AddRule(rule, next);
  }
  for (pathway::v1::Calendar& calendar : *next.mutable_calendar()) {
    if (dice_.Chance(50)) calendar.set_to(Day(900));
    if (dice_.Chance(30)) calendar.add_closed()->set_from(Day(dice_.From(0, 20)));
    if (dice_.Chance(20)) {
      pathway::v1::Closed& closed = *calendar.add_closed();
      closed.set_from(Day(dice_.From(10, 20)));
      closed.set_announced(Day(dice_.From(0, 9)));
    }
  }
  if (dice_.Chance(30)) next.mutable_agency(1)->set_nation("scotland");
  return next;
}

}  // namespace dolen::story
