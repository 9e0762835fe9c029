#include "engine/pathway/diff.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "engine/base/time.h"
#include "engine/calendar/calendar.h"
#include "engine/pathway/words.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dolen {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using pathway::v1::Book;
using pathway::v1::Closed;
using pathway::v1::Rule;

std::string FieldName(const FieldDescriptor* field) {
  return absl::StrReplaceAll(field->name(), {{"_", " "}});
}

std::string Words(const Message& message);

// One value of a field, or one of a repeated field's (`index` from 0).
std::string ValueWords(const Message& message, const FieldDescriptor* field, int index = -1) {
  const google::protobuf::Reflection* of = message.GetReflection();
  const bool is_list = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Words(is_list ? of->GetRepeatedMessage(message, field, index)
                           : of->GetMessage(message, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return is_list ? of->GetRepeatedString(message, field, index) : of->GetString(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return of->GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_BOOL:
      return of->GetBool(message, field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(of->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(of->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(of->GetUInt32(message, field));
    default:
      return "";  // books have no other types; a test walks over all their fields
  }
}

std::string FieldWords(const Message& message, const FieldDescriptor* field) {
  if (!field->is_repeated()) return ValueWords(message, field);
  std::vector<std::string> values;
  const int size = message.GetReflection()->FieldSize(message, field);
  for (int i = 0; i < size; ++i) values.push_back(ValueWords(message, field, i));
  const bool all_of = field->message_type() == pathway::v1::Pattern::descriptor();
  return absl::StrJoin(values, all_of ? " and " : ", ");
}

// Amounts and patterns as in explain; other messages as "field: value; field: value" of what is
// set.
std::string Words(const Message& message) {
  if (message.GetDescriptor() == pathway::v1::Amount::descriptor()) {
    return SignedWords(static_cast<const pathway::v1::Amount&>(message), Language::kEnglish);
  }
  if (message.GetDescriptor() == pathway::v1::Pattern::descriptor()) {
    return OneLine(
        PatternLines(static_cast<const pathway::v1::Pattern&>(message), Language::kEnglish));
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> parts;
  for (const FieldDescriptor* field : fields) {
    parts.push_back(absl::StrCat(FieldName(field), ": ", FieldWords(message, field)));
  }
  return absl::StrJoin(parts, "; ");
}

bool Same(const Message& a, const Message& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// Gathers the changes of two books.
class Differ {
 public:
  std::vector<Change> Take() { return std::move(changes_); }

  void Books(const Book& before, const Book& after) {
    subject_ = "book";
    for (const char* name : {"id", "version", "owner", "zone"}) {
      Field(before, after, Book::descriptor()->FindFieldByName(name), "");
    }
    ById(before.agency(), after.agency(), "agency",
         [this](const auto& a, const auto& b) { Fields(a, b, ""); });
    ById(before.calendar(), after.calendar(), "calendar", [this](const auto& a, const auto& b) {
      Fields(a, b, "");
      ClosedDays(a, b);
    });
    Rules(before, after);
    subject_ = "book";
    List(before, after, Book::descriptor()->FindFieldByName("passing"), "");
    List(before, after, Book::descriptor()->FindFieldByName("example"), "");
    List(before, after, Book::descriptor()->FindFieldByName("word"), "");
  }

 private:
  void Add(Change::What what, std::string field, std::string before, std::string after) {
    changes_.push_back({what, subject_, std::move(field), std::move(before), std::move(after)});
  }

  // All fields, the closed days of calendars apart: those are compared as days.
  void Fields(const Message& a, const Message& b, const std::string& prefix) {
    for (int i = 0; i < a.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = a.GetDescriptor()->field(i);
      if (field->message_type() != Closed::descriptor()) Field(a, b, field, prefix);
    }
  }

  void Field(const Message& a, const Message& b, const FieldDescriptor* field,
             const std::string& prefix) {
    const std::string name = prefix + FieldName(field);
    const google::protobuf::Descriptor* type = field->message_type();
    const bool in_words =
        type == pathway::v1::Amount::descriptor() || type == pathway::v1::Pattern::descriptor();
    if (type != nullptr && !in_words) {
      if (field->is_repeated()) {
        List(a, b, field, prefix);
      } else if (!Same(a.GetReflection()->GetMessage(a, field),
                       b.GetReflection()->GetMessage(b, field))) {
        Fields(a.GetReflection()->GetMessage(a, field), b.GetReflection()->GetMessage(b, field),
               name + ", ");
      }
      return;
    }
    const std::string before = FieldIf(a, field), after = FieldIf(b, field);
    if (before != after) Add(Change::kChanged, name, before, after);
  }

  // Empty where a message is not there at all: its words would say that it is missing.
  static std::string FieldIf(const Message& message, const FieldDescriptor* field) {
    if (field->has_presence() && !message.GetReflection()->HasField(message, field)) return "";
    return FieldWords(message, field);
  }

  // Levels are the same by name, other messages and texts by place.
  void List(const Message& a, const Message& b, const FieldDescriptor* field,
            const std::string& prefix) {
    absl::btree_map<std::string, std::pair<int, int>> places;  // by label: index in a, in b
    std::vector<std::string> labels;                           // in order
    const auto collect = [&](const Message& of, bool is_first) {
      const int size = of.GetReflection()->FieldSize(of, field);
      for (int i = 0; i < size; ++i) {
        std::string label = absl::StrCat(prefix, FieldName(field), " ", i + 1);
        if (field->message_type() == pathway::v1::Level::descriptor()) {
          const auto& level = static_cast<const pathway::v1::Level&>(
              of.GetReflection()->GetRepeatedMessage(of, field, i));
          label = absl::StrCat(prefix, "level ", level.name());
        }
        const auto [place, is_new] = places.insert({label, {-1, -1}});
        if (is_new) labels.push_back(label);
        (is_first ? place->second.first : place->second.second) = i;
      }
    };
    collect(a, true);
    collect(b, false);
    for (const std::string& label : labels) {
      const auto [in_a, in_b] = places[label];
      if (in_a < 0) {
        Add(Change::kAdded, label, "", ValueWords(b, field, in_b));
      } else if (in_b < 0) {
        Add(Change::kRemoved, label, ValueWords(a, field, in_a), "");
      } else if (field->message_type() == nullptr) {
        const std::string before = ValueWords(a, field, in_a), after = ValueWords(b, field, in_b);
        if (before != after) Add(Change::kChanged, label, before, after);
      } else {
        Fields(a.GetReflection()->GetRepeatedMessage(a, field, in_a),
               b.GetReflection()->GetRepeatedMessage(b, field, in_b), label + ", ");
      }
    }
  }

  template <typename Items, typename Compare>
  void ById(const Items& before, const Items& after, absl::string_view what, Compare compare) {
    const auto find = [](const Items& items, const std::string& id) {
      return std::find_if(items.begin(), items.end(),
                          [&](const auto& item) { return item.id() == id; });
    };
    for (const auto& item : before) {
      subject_ = absl::StrCat(what, " ", item.id());
      const auto other = find(after, item.id());
      if (other == after.end()) {
        Add(Change::kRemoved, "", "", "");
      } else {
        compare(item, *other);
      }
    }
    for (const auto& item : after) {
      subject_ = absl::StrCat(what, " ", item.id());
      if (find(before, item.id()) == before.end()) Add(Change::kAdded, "", "", "");
    }
  }

  void ClosedDays(const pathway::v1::Calendar& before, const pathway::v1::Calendar& after);
  void Rules(const Book& before, const Book& after);
  void Versions(const std::string& id, const std::vector<const Rule*>& before,
                const std::vector<const Rule*>& after);

  std::string subject_;
  std::vector<Change> changes_;
};

// Each closed day with the day of its announcement. Runs that are no days stay as they are written.
struct DaysOff {
  absl::btree_map<absl::CivilDay, std::string> days;
  absl::btree_set<std::string> unreadable;
};

DaysOff DaysOffOf(const pathway::v1::Calendar& calendar) {
  DaysOff off;
  for (const Closed& closed : calendar.closed()) {
    absl::CivilDay from, to;
    const std::string& last = closed.to().empty() ? closed.from() : closed.to();
    if (!ParseDay(closed.from(), from) || !ParseDay(last, to) || to - from > Calendar::kMaxDays) {
      off.unreadable.insert(Words(closed));
      continue;
    }
    for (absl::CivilDay day = from; day <= to; ++day) off.days[day] = closed.announced();
  }
  return off;
}

// Days of `off` that `other` has not or has otherwise, as runs in words.
std::vector<std::string> RunsNotIn(const DaysOff& off, const DaysOff& other) {
  std::vector<std::string> runs(off.unreadable.begin(), off.unreadable.end());
  for (const std::string& same : other.unreadable) {
    runs.erase(std::remove(runs.begin(), runs.end(), same), runs.end());
  }
  struct Run {
    absl::CivilDay from, to;
    std::string announced;
  };
  std::vector<Run> found;
  for (const auto& [day, announced] : off.days) {
    const auto same = other.days.find(day);
    if (same != other.days.end() && same->second == announced) continue;
    if (!found.empty() && found.back().to + 1 == day && found.back().announced == announced) {
      found.back().to = day;
    } else {
      found.push_back({day, day, announced});
    }
  }
  for (const Run& run : found) {
    std::string words = DayText(run.from);
    if (run.from != run.to) absl::StrAppend(&words, " to ", DayText(run.to));
    if (!run.announced.empty()) absl::StrAppend(&words, ", announced ", run.announced);
    runs.push_back(std::move(words));
  }
  return runs;
}

void Differ::ClosedDays(const pathway::v1::Calendar& before, const pathway::v1::Calendar& after) {
  const DaysOff a = DaysOffOf(before), b = DaysOffOf(after);
  for (std::string& run : RunsNotIn(a, b)) Add(Change::kRemoved, "closed", std::move(run), "");
  for (std::string& run : RunsNotIn(b, a)) Add(Change::kAdded, "closed", "", std::move(run));
}

bool SameScope(const Rule& a, const Rule& b) {
  return absl::btree_set<std::string>(a.scope().begin(), a.scope().end()) ==
         absl::btree_set<std::string>(b.scope().begin(), b.scope().end());
}

// For each of `before` the place of its counterpart in `after`; -1: none.
std::vector<int> Pairs(const std::vector<const Rule*>& before,
                       const std::vector<const Rule*>& after) {
  std::vector<int> partner(before.size(), -1);
  std::vector<bool> taken(after.size());
  const auto pair = [&](auto fits) {
    for (size_t i = 0; i < before.size(); ++i) {
      for (size_t j = 0; j < after.size() && partner[i] < 0; ++j) {
        if (taken[j] || !fits(*before[i], *after[j])) continue;
        partner[i] = static_cast<int>(j);
        taken[j] = true;
      }
    }
  };
  pair([](const Rule& a, const Rule& b) { return Same(a, b); });
  pair([](const Rule& a, const Rule& b) {
    return a.valid_from() == b.valid_from() && SameScope(a, b);
  });
  pair([](const Rule& a, const Rule& b) { return a.valid_from() == b.valid_from(); });
  // A rule that has one version on both sides is one rule, whatever changed in it.
  if (before.size() == 1 && after.size() == 1) pair([](const Rule&, const Rule&) { return true; });
  return partner;
}

void Differ::Versions(const std::string& id, const std::vector<const Rule*>& before,
                      const std::vector<const Rule*>& after) {
  const bool several = before.size() > 1 || after.size() > 1;
  const auto name = [&](const Rule& rule) {
    if (!several) return absl::StrCat("rule ", id);
    return absl::StrCat("rule ", id, rule.valid_from().empty() ? ", first version" : " from ",
                        rule.valid_from());
  };
  const std::vector<int> partner = Pairs(before, after);
  std::vector<std::string> order_before, order_after(after.size());
  std::vector<bool> taken(after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    subject_ = name(*before[i]);
    if (partner[i] < 0) {
      Add(Change::kRemoved, "", before[i]->title().en(), "");
      continue;
    }
    taken[partner[i]] = true;
    order_before.push_back(absl::StrCat(subject_, " (", i + 1, ")"));
    order_after[partner[i]] = order_before.back();
    Fields(*before[i], *after[partner[i]], "");
  }
  for (size_t j = 0; j < after.size(); ++j) {
    subject_ = name(*after[j]);
    if (!taken[j]) Add(Change::kAdded, "", "", after[j]->title().en());
  }
  order_after.erase(std::remove(order_after.begin(), order_after.end(), ""), order_after.end());
  if (order_before != order_after) {
    subject_ = absl::StrCat("rule ", id);
    Add(Change::kChanged, "order of its versions", absl::StrJoin(order_before, ", "),
        absl::StrJoin(order_after, ", "));
  }
}

void Differ::Rules(const Book& before, const Book& after) {
  std::vector<std::string> ids;  // in the order of the texts
  absl::btree_map<std::string, std::pair<std::vector<const Rule*>, std::vector<const Rule*>>> of;
  const auto collect = [&](const Book& book, bool is_first) {
    for (const Rule& rule : book.rule()) {
      const auto [place, is_new] = of.insert({rule.id(), {}});
      if (is_new) ids.push_back(rule.id());
      (is_first ? place->second.first : place->second.second).push_back(&rule);
    }
  };
  collect(before, true);
  collect(after, false);
  for (const std::string& id : ids) Versions(id, of[id].first, of[id].second);
}

}  // namespace

std::string ChangeText(const Change& change) {
  std::string text = change.subject;
  if (!change.field.empty()) absl::StrAppend(&text, ": ", change.field);
  switch (change.what) {
    case Change::kAdded:
      absl::StrAppend(&text, ": added", change.after.empty() ? "" : ": ", change.after);
      break;
    case Change::kRemoved:
      absl::StrAppend(&text, ": removed", change.before.empty() ? "" : ": ", change.before);
      break;
    case Change::kChanged:
      absl::StrAppend(&text, ": ", change.before.empty() ? "(none)" : change.before, " -> ",
                      change.after.empty() ? "(none)" : change.after);
      break;
  }
  return text;
}

std::vector<Change> DiffBooks(const Book& before, const Book& after) {
  Differ differ;
  differ.Books(before, after);
  return differ.Take();
}

}  // namespace dolen
