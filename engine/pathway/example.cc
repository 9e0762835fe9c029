#include "engine/pathway/example.h"

#include <algorithm>

#include "absl/container/btree_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/base/names.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/check.h"
#include "engine/pathway/pattern.h"

namespace dolen {
namespace {

using event::v1::Open;

constexpr absl::string_view kStates[] = {"not_started", "running", "overdue",    "paused",
                                         "in_time",     "late",    "excused",    "cancelled",
                                         "standing",    "done",    "no_calendar"};
constexpr absl::string_view kWhats[] = {"last", "due", "state", "none"};

absl::Status At(int column, absl::string_view sentence) {
  return absl::InvalidArgumentError(absl::StrCat("at character ", column, ": ", sentence));
}

struct Word {
  std::string text;
  int column;  // from 1, in characters
};

// Words between spaces; ";" and "->" stand alone.
std::vector<Word> WordsOf(absl::string_view text) {
  std::vector<Word> words;
  int column = 0;
  bool open = false;  // the last word goes on
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++column;
    if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
      open = false;
    } else if (text[i] == ';') {
      words.push_back({";", column});
      open = false;
    } else if (text.substr(i, 2) == "->") {
      words.push_back({"->", column});
      open = false;
      ++i;
      ++column;
    } else {
      if (!open) words.push_back({"", column});
      words.back().text += text[i];
      open = true;
    }
  }
  words.push_back({"", column + 1});  // the end
  return words;
}

bool ParseTimeOfDay(absl::string_view text, int& hour, int& minute) {
  return text.size() == 5 && text[2] == ':' && absl::SimpleAtoi(text.substr(0, 2), &hour) &&
         absl::SimpleAtoi(text.substr(3), &minute) && 0 <= hour && hour < 24 && 0 <= minute &&
         minute < 60 && text[0] != '+' && text[3] != '+';
}

bool Contains(absl::Span<const absl::string_view> names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class ExampleParser {
 public:
  explicit ExampleParser(absl::string_view text) : words_(WordsOf(text)) {}

  absl::StatusOr<Example> Parse() {
    Example example;
    do {
      DOLEN_ASSIGN_OR_RETURN(ExampleEvent event, ParseEvent());
      example.events.push_back(std::move(event));
    } while (Take(";"));
    if (!Take("->")) {
      return Here("write -> and what is expected, for example: -> W-RULE last 2025-12-30");
    }
    do {
      DOLEN_ASSIGN_OR_RETURN(Expectation expected, ParseExpected(example));
      example.expected.push_back(std::move(expected));
    } while (Take(";"));
    if (!AtEnd()) return Here("write ; before the next expectation, or nothing");
    return example;
  }

 private:
  const Word& Now() const { return words_[next_]; }
  bool AtEnd() const { return next_ + 1 == words_.size(); }
  bool AtBreak() const { return AtEnd() || Now().text == ";" || Now().text == "->"; }
  bool Take(absl::string_view word) {
    if (AtEnd() || Now().text != word) return false;
    ++next_;
    return true;
  }
  absl::Status Here(absl::string_view instead) const {
    return At(Now().column,
              absl::StrCat(AtEnd() ? "the text ends" : absl::StrCat("\"", Now().text, "\""), "; ",
                           instead));
  }

  absl::StatusOr<ExampleTime> ParseTime(bool with_time_of_day) {
    absl::CivilDay day;
    if (!ParseDay(Now().text, day)) return Here("write a day that exists, as 2025-12-19");
    ++next_;
    int hour = 0, minute = 0;
    if (!AtEnd() && ParseTimeOfDay(Now().text, hour, minute)) {
      ++next_;
      return ExampleTime{absl::CivilMinute(day.year(), day.month(), day.day(), hour, minute),
                         false};
    }
    if (with_time_of_day) return Here("write a time of day, as 16:30");
    return ExampleTime{absl::CivilMinute(day), true};
  }

  // A name after a word such as "by".
  absl::StatusOr<std::string> ParseName(absl::string_view what) {
    if (AtBreak()) return Here(absl::StrCat("write ", what));
    return words_[next_++].text;
  }

  absl::StatusOr<ExampleEvent> ParseEvent() {
    ExampleEvent event;
    event.column = Now().column;
    DOLEN_ASSIGN_OR_RETURN(event.occurred, ParseTime(false));
    if (!IsSnakeCase(Now().text)) {
      return Here("write the event's name in lower_snake_case, as referral_made");
    }
    event.name = words_[next_++].text;
    while (!AtBreak()) DOLEN_RETURN_IF_ERROR(ParseDetail(event));
    return event;
  }

  absl::Status ParseDetail(ExampleEvent& event) {
    if (Take("by")) {
      DOLEN_ASSIGN_OR_RETURN(event.by, ParseName("the agency that says it"));
    } else if (Take("to")) {
      DOLEN_ASSIGN_OR_RETURN(std::string agency, ParseName("the agency that is asked"));
      event.fields.emplace_back("to_agency", std::move(agency));
    } else if (Take("in")) {
      DOLEN_ASSIGN_OR_RETURN(event.matter, ParseName("a name for the matter, as M2"));
    } else if (Take("continues")) {
      DOLEN_ASSIGN_OR_RETURN(event.continues, ParseName("the matter that this one follows"));
    } else if (Take("recorded")) {
      DOLEN_ASSIGN_OR_RETURN(event.recorded, ParseTime(false));
    } else {
      const std::pair<std::string, std::string> field =
          absl::StrSplit(Now().text, absl::MaxSplits('=', 1));
      if (!IsSnakeCase(field.first) || field.second.empty()) {
        return Here(
            "write by AGENCY, to AGENCY, in MATTER, continues MATTER, recorded DAY or FIELD=VALUE, "
            "or ; before the next event, or -> before what is expected");
      }
      event.fields.push_back(field);
      ++next_;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Expectation> ParseExpected(const Example& example) {
    Expectation expected;
    expected.column = Now().column;
    if (AtBreak()) return Here("write what is expected, for example: W-RULE last 2025-12-30");
    if (!Contains(kWhats, Now().text)) {
      expected.rule = words_[next_++].text;
      if (Take("in")) {
        DOLEN_ASSIGN_OR_RETURN(expected.matter, ParseName("the matter"));
      }
      if (Take("started")) {
        DOLEN_ASSIGN_OR_RETURN(expected.started, ParseTime(false));
        if (!expected.started->is_day) return At(expected.column, "started is a day without time");
      }
    } else if (!example.expected.empty()) {
      const Expectation& before = example.expected.back();
      expected.rule = before.rule;
      expected.matter = before.matter;
      expected.started = before.started;
    } else {
      return Here("write the rule's id first");
    }
    DOLEN_RETURN_IF_ERROR(ParseWhat(expected));
    return expected;
  }

  absl::Status ParseWhat(Expectation& expected) {
    if (Take("last")) {
      expected.what = Expectation::kLast;
      DOLEN_ASSIGN_OR_RETURN(expected.time, ParseTime(false));
      if (!expected.time.is_day) return At(expected.column, "last is a day; for a time write due");
    } else if (Take("due")) {
      expected.what = Expectation::kDue;
      DOLEN_ASSIGN_OR_RETURN(expected.time, ParseTime(true));
    } else if (Take("state")) {
      expected.what = Expectation::kState;
      if (!IsExampleState(Now().text)) {
        return Here(absl::StrCat("write a state: ", absl::StrJoin(kStates, ", ")));
      }
      expected.state = words_[next_++].text;
      if (Take("on")) {
        DOLEN_ASSIGN_OR_RETURN(expected.on, ParseTime(false));
      }
    } else if (!Take("none")) {
      return Here("write last DAY, due DAY TIME, state STATE or none");
    }
    return absl::OkStatus();
  }

  const std::vector<Word> words_;
  size_t next_ = 0;
};

// Every event that any pattern of the message names, at any depth.
void CollectNames(const google::protobuf::Message& message, absl::btree_set<std::string>& names) {
  if (message.GetDescriptor() == pathway::v1::Pattern::descriptor()) {
    names.insert(static_cast<const pathway::v1::Pattern&>(message).is());
  }
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  const google::protobuf::Reflection* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      CollectNames(reflection->GetMessage(message, field), names);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      CollectNames(reflection->GetRepeatedMessage(message, field, i), names);
    }
  }
}

// "; perhaps conference_held is meant" where one of the names is near.
std::string Perhaps(absl::string_view name, const absl::btree_set<std::string>& names) {
  std::string near;
  int best = 3;
  for (const std::string& other : names) {
    const int distance = Distance(name, other);
    if (distance < best) {
      best = distance;
      near = other;
    }
  }
  return near.empty() ? "" : absl::StrCat("; perhaps ", near, " is meant");
}

absl::Time InstantOf(const ExampleTime& time, const Zone& zone) {
  return zone.InstantOf(absl::CivilSecond(time.at));
}

void SetWhen(const ExampleTime& time, const Zone& zone, event::v1::When& when) {
  if (time.is_day) {
    when.set_day(DayText(absl::CivilDay(time.at)));
  } else {
    *when.mutable_instant() = ToTimestamp(InstantOf(time, zone));
  }
}

// "2026-04-13" or "2026-04-13T10:00".
bool ParseWhen(absl::string_view text, ExampleTime& time) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, 'T');
  absl::CivilDay day;
  int hour = 0, minute = 0;
  if (parts.size() > 2 || !ParseDay(parts[0], day)) return false;
  if (parts.size() == 2 && !ParseTimeOfDay(parts[1], hour, minute)) return false;
  time = {absl::CivilMinute(day.year(), day.month(), day.day(), hour, minute), parts.size() == 1};
  return true;
}

// A field of every event under its own name, any other among Open.fields.
void SetField(const std::string& name, const std::string& value, const Zone& zone, Open& open) {
  ExampleTime time;
  const bool is_when = ParseWhen(value, time);
  if (is_when && (name == "until" || name == "effective")) {
    SetWhen(time, zone, name == "until" ? *open.mutable_until() : *open.mutable_effective());
    return;
  }
  const std::string own = name == "cause" ? "reason" : name;
  if (IsCodeField(name) || name == "occasion" || name == "family" || name == "birth_month") {
    open.GetReflection()->SetString(&open, Open::descriptor()->FindFieldByName(own), value);
    return;
  }
  event::v1::Field& field = *open.add_fields();
  field.set_name(name);
  int64_t number = 0;
  if (is_when) {
    SetWhen(time, zone, *field.mutable_when());
  } else if (absl::SimpleAtoi(value, &number)) {
    field.set_number(number);
  } else {
    field.set_code(value);
  }
}

}  // namespace

bool IsExampleState(absl::string_view state) { return Contains(kStates, state); }

absl::StatusOr<Example> ParseExample(absl::string_view text) { return ExampleParser(text).Parse(); }

absl::Status CheckNames(const Example& example, const pathway::v1::Book& book) {
  absl::btree_set<std::string> rules, agencies, names;
  for (const pathway::v1::Rule& rule : book.rule()) rules.insert(rule.id());
  for (const pathway::v1::Agency& agency : book.agency()) agencies.insert(agency.id());
  CollectNames(book, names);
  const auto known = [&](absl::string_view agency, int column) {
    if (agency.empty() || agencies.contains(agency)) return absl::OkStatus();
    return At(column, absl::StrCat("no agency of the book is called \"", agency, "\"",
                                   Perhaps(agency, agencies)));
  };
  for (const ExampleEvent& event : example.events) {
    if (KindOf(event.name) == event::v1::KIND_UNSPECIFIED && !names.contains(event.name)) {
      return At(event.column, absl::StrCat("no rule of the book names \"", event.name, "\"",
                                           Perhaps(event.name, names)));
    }
    DOLEN_RETURN_IF_ERROR(known(event.by, event.column));
    for (const auto& [name, value] : event.fields) {
      if (name == "to_agency") DOLEN_RETURN_IF_ERROR(known(value, event.column));
    }
  }
  for (const Expectation& expected : example.expected) {
    if (rules.contains(expected.rule)) continue;
    return At(expected.column, absl::StrCat("no rule of the book is called \"", expected.rule, "\"",
                                            Perhaps(expected.rule, rules)));
  }
  return absl::OkStatus();
}

Open OpenOf(const ExampleEvent& event, int number, absl::string_view agency, const Zone& zone) {
  Open open;
  open.set_event_id(absl::StrCat("e", number));
  open.set_agency(event.by.empty() ? std::string(agency) : event.by);
  SetWhen(event.occurred, zone, *open.mutable_occurred());
  open.set_kind(KindOf(event.name));
  if (open.kind() == event::v1::KIND_UNSPECIFIED) {
    open.set_kind(event::v1::KIND_MILESTONE_REACHED);
    open.set_milestone(event.name);
  }
  open.mutable_matter()->set_agency(std::string(agency));
  open.mutable_matter()->set_id(event.matter);
  if (!event.continues.empty()) {
    open.mutable_continues()->set_agency(std::string(agency));
    open.mutable_continues()->set_id(event.continues);
  }
  const ExampleTime& sent = event.recorded ? *event.recorded : event.occurred;
  *open.mutable_published() = ToTimestamp(InstantOf(sent, zone));
  for (const auto& [name, value] : event.fields) SetField(name, value, zone, open);
  return open;
}

}  // namespace dolen
