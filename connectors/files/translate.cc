#include "connectors/files/translate.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "connectors/files/text.h"
#include "engine/admission/text.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {

namespace v1 = mapping::v1;

// --- binding ------------------------------------------------------------------------------------

class Translator::Binder {
 public:
  Binder(const v1::Mapping& mapping, absl::Span<const std::string> columns)
      : mapping_(mapping), columns_(columns) {}

  const absl::Status& status() const { return status_; }

  std::vector<BoundFilter> Filters(const google::protobuf::RepeatedPtrField<v1::Filter>& filters) {
    std::vector<BoundFilter> bound;
    for (const auto& filter : filters) bound.push_back({Column(filter.column()), filter});
    return bound;
  }

  Template Bind(const v1::EventTemplate& event) {
    Template bound;
    bound.name = event.name();
    bound.when = Filters(event.when());
    for (const auto& child : event.child()) {
      bound.child.push_back({child.issuer(), Value(child.value())});
    }
    if (event.has_matter()) bound.matter = Matter(event.matter());
    if (event.has_continues()) bound.continues = Matter(event.continues());
    bound.is = Value(event.is());
    bound.agency = Value(event.agency());
    bound.occurred = Moment(event.occurred());
    if (event.has_recorded()) bound.recorded = Moment(event.recorded());
    if (event.has_effective()) bound.effective = Moment(event.effective());
    if (event.has_until()) bound.until = Moment(event.until());
    if (event.has_birth_date()) {
      v1::Moment day = event.birth_date();
      day.set_day(true);
      bound.birth_date = Moment(day);
    }
    if (event.has_event_id()) bound.event_id = Value(event.event_id());
    if (event.has_sequence()) bound.sequence = Value(event.sequence());
    BindTexts(event, bound.texts);
    for (const auto& field : event.field()) bound.fields.push_back(Field(field));
    return bound;
  }

 private:
  int Column(const std::string& name) {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end()) {
      Fail(absl::StrCat("column \"", name, "\" is not there; there are: \"",
                        absl::StrJoin(columns_, "\", \""), "\""));
      return 0;
    }
    if (std::find(found + 1, columns_.end(), name) != columns_.end()) {
      Fail(absl::StrCat("column \"", name, "\" is there twice"));
    }
    return static_cast<int>(found - columns_.begin());
  }

  void Fail(std::string sentence) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(sentence);
  }

  Columns Of(const google::protobuf::RepeatedPtrField<std::string>& names) {
    Columns columns;
    for (const std::string& name : names) columns.push_back(Column(name));
    return columns;
  }

  BoundValue Value(const v1::Value& value) {
    BoundValue bound{Of(value.column()), value, {}};
    for (const auto& meaning : value.map()) bound.map[meaning.from()] = meaning.to();
    return bound;
  }

  BoundMoment Moment(const v1::Moment& moment) {
    BoundMoment bound;
    bound.columns = Of(moment.column());
    bound.formats = FormatsOf(moment);
    bound.day = moment.day();
    const std::string& zone = moment.zone().empty() ? mapping_.zone() : moment.zone();
    bound.zone = absl::UTCTimeZone();
    if (!zone.empty() && !absl::LoadTimeZone(zone, &bound.zone)) {
      Fail(absl::StrCat("time zone \"", zone, "\" is not known"));
    }
    return bound;
  }

  BoundMatter Matter(const v1::MatterName& matter) {
    BoundMatter bound;
    if (matter.has_agency()) bound.agency = Value(matter.agency());
    bound.id = Value(matter.id());
    return bound;
  }

  BoundField Field(const v1::FieldSource& field) {
    BoundField bound;
    bound.name = field.name();
    if (field.has_code()) bound.code = Value(field.code());
    if (field.has_number()) bound.number = Value(field.number());
    if (field.has_when()) bound.when = Moment(field.when());
    return bound;
  }

  // The values whose names are those of text fields of the contract: they are copied by name.
  void BindTexts(const v1::EventTemplate& event, std::vector<BoundText>& texts) {
    std::vector<const google::protobuf::FieldDescriptor*> set;
    event.GetReflection()->ListFields(event, &set);
    for (const auto* field : set) {
      if (field->is_repeated() || field->message_type() != v1::Value::descriptor()) continue;
      if (field->name() == "event_id" || field->name() == "agency") continue;
      BoundText text;
      text.field = event::v1::Open::descriptor()->FindFieldByName(field->name());
      if (text.field == nullptr) {
        text.field = event::v1::Private::descriptor()->FindFieldByName(field->name());
        text.is_private = true;
      }
      using google::protobuf::FieldDescriptor;
      if (text.field == nullptr || text.field->type() != FieldDescriptor::TYPE_STRING) continue;
      text.value =
          Value(static_cast<const v1::Value&>(event.GetReflection()->GetMessage(event, field)));
      texts.push_back(std::move(text));
    }
  }

  const v1::Mapping& mapping_;
  absl::Span<const std::string> columns_;
  absl::Status status_;
};

absl::StatusOr<Translator> Translator::Bind(const v1::Mapping& mapping,
                                            absl::Span<const std::string> columns) {
  Binder binder(mapping, columns);
  Translator bound;
  bound.columns_.assign(columns.begin(), columns.end());
  bound.keep_ = binder.Filters(mapping.keep());
  for (const auto& event : Templates(mapping)) bound.templates_.push_back(binder.Bind(event));
  DOLEN_RETURN_IF_ERROR(binder.status());
  return bound;
}

// --- reading one row ----------------------------------------------------------------------------

// Makes one event of one row. Every step returns false after the first fault.
class Translator::Maker {
 public:
  Maker(const Translator& translator, absl::Span<const std::string> fields)
      : translator_(translator), fields_(fields) {}

  RowFault& fault() { return fault_; }

  bool Make(const Template& from, event::v1::Event& event, FileEvent& file) {
    event.set_contract(1);
    auto& open = *event.mutable_open();
    return Agency(from, open, file) && Child(from, event, file) && What(from, open) &&
           Times(from, open, *event.mutable_private_(), file) &&
           Matter(from.matter, "open.matter", open.agency(),
                  [&] { return open.mutable_matter(); }) &&
           Matter(from.continues, "open.continues", open.agency(),
                  [&] { return open.mutable_continues(); }) &&
           Ids(from, open, file) && Texts(from, event) && Fields(from, open) &&
           Remember(open, file);
  }

 private:
  bool Fail(const Columns& columns, const char* code, absl::string_view field,
            absl::string_view what) {
    fault_.column = columns.empty() ? 0 : columns[0] + 1;
    std::vector<std::string> names;
    for (int column : columns) {
      names.push_back(absl::StrCat("\"", translator_.columns_[column], "\""));
    }
    fault_.rejection = {code, std::string(field),
                        absl::StrCat(columns.size() > 1 ? "Columns " : "Column ",
                                     absl::StrJoin(names, " and "), ": ", what)};
    return false;
  }

  std::string Joined(const Columns& columns) const {
    std::string text;
    for (int column : columns) {
      const absl::string_view part = absl::StripAsciiWhitespace(fields_[column]);
      if (!text.empty() && !part.empty()) text.push_back(' ');
      text.append(part.data(), part.size());
    }
    return text;
  }

  // Leaves `text` empty where the row says nothing.
  bool Text(const BoundValue& from, absl::string_view field, std::string& text) {
    text.clear();
    if (!from.value.fixed().empty()) {
      text = from.value.fixed();
      return true;
    }
    const std::string raw = Joined(from.columns);
    if (raw.empty()) {
      text = from.value.if_empty();
      return true;
    }
    const auto meaning = from.map.find(raw);
    if (meaning != from.map.end()) {
      text = meaning->second;
    } else if (from.value.slug()) {
      text = Slug(raw);
      if (text.empty()) {
        return Fail(from.columns, kRowBadName, field,
                    "no ASCII letter or digit to make a name of; list the text under map.");
      }
    } else if (!from.map.empty()) {
      return Fail(from.columns, kRowUnknownValue, field,
                  "a text that the mapping's table does not list; add it to map.");
    } else {
      text = raw;
    }
    text.insert(0, from.value.prefix());
    return true;
  }

  bool Needed(const BoundValue& from, Reason reason, absl::string_view field, std::string& text) {
    if (!Text(from, field, text)) return false;
    if (!text.empty()) return true;
    return Fail(from.columns, std::string(ReasonCode(reason)).c_str(), field, "is empty.");
  }

  bool Agency(const Template& from, event::v1::Open& open, FileEvent& file) {
    if (!Needed(from.agency, Reason::kMissingAgency, "open.agency", *open.mutable_agency())) {
      return false;
    }
    if (!IsSnakeCase(open.agency())) {
      return Fail(from.agency.columns, kRowBadName, "open.agency",
                  "is not an agency's id in lower_snake_case; use slug, map or prefix.");
    }
    file.agency = open.agency();
    return true;
  }

  bool Child(const Template& from, event::v1::Event& event, FileEvent& file) {
    std::string number;
    for (const BoundChild& child : from.child) {
      if (!Text(child.value, "private.child", number)) return false;
      // Written with blanks on paper ("943 476 5919"); the contract has none.
      number.erase(std::remove_if(number.begin(), number.end(),
                                  [](unsigned char c) { return absl::ascii_isspace(c); }),
                   number.end());
      if (number.empty()) continue;
      auto& identifier = *event.mutable_private_()->add_child();
      identifier.set_issuer(child.issuer.empty() ? event.open().agency() : child.issuer);
      identifier.set_value(number);
    }
    if (event.private_().child().empty()) {
      Columns columns;
      for (const BoundChild& child : from.child) {
        columns.insert(columns.end(), child.value.columns.begin(), child.value.columns.end());
      }
      return Fail(columns, "missing_child", "private.child", "no number says which child it is.");
    }
    file.child_issuer = event.private_().child(0).issuer();
    file.child_value = event.private_().child(0).value();
    return true;
  }

  bool What(const Template& from, event::v1::Open& open) {
    std::string name;
    if (!Needed(from.is, Reason::kUnknownKind, "open.kind", name)) return false;
    bool forbidden = false;
    const event::v1::Kind kind = RowKind(name, forbidden);
    if (forbidden) {
      return Fail(from.is.columns, "unknown_kind", "open.kind",
                  "names a kind that rows of files cannot say; list the text under map.");
    }
    if (kind != event::v1::KIND_UNSPECIFIED) {
      open.set_kind(kind);
      return true;
    }
    if (!IsSnakeCase(name)) {
      return Fail(
          from.is.columns, kRowBadName, "open.milestone",
          "is neither a kind nor a milestone in lower_snake_case; use slug, map or prefix.");
    }
    open.set_kind(event::v1::KIND_MILESTONE_REACHED);
    open.set_milestone(name);
    return true;
  }

  // Absent where the columns are empty.
  bool Time(const BoundMoment& from, absl::string_view field, absl::optional<Read>& read) {
    const std::string text = Joined(from.columns);
    read.reset();
    if (text.empty()) return true;
    for (const std::string& format : from.formats) {
      absl::Time time;
      if (!ParseLocal(format, text, from.zone, time)) continue;
      const absl::CivilSecond civil = absl::ToCivilSecond(time, from.zone);
      if (civil.year() < 1 || civil.year() > 9999) break;
      read.emplace();
      if (from.day) {
        const absl::CivilDay day(civil);
        read->when.set_day(DayText(day));
        read->time = absl::FromCivil(absl::CivilSecond(day), from.zone);
      } else {
        *read->when.mutable_instant() = ToTimestamp(time);
        read->time = time;
      }
      return true;
    }
    return Fail(from.columns, kRowBadTime, field,
                absl::StrCat("is not a time in the format ", absl::StrJoin(from.formats, " or "),
                             ", or does not exist."));
  }

  // Parsed as if in UTC, then placed: absl::ParseTime itself puts a time that clocks skip before
  // the gap, and would take "infinite-future" and a leap second.
  static bool ParseLocal(const std::string& format, const std::string& text,
                         const absl::TimeZone& zone, absl::Time& time) {
    if (absl::StartsWith(text, "infinite") || absl::StrContains(text, ":60")) return false;
    std::string error;
    if (!absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error)) return false;
    if (FormatHasOffset(format)) return true;
    const absl::CivilSecond civil = absl::ToCivilSecond(time, absl::UTCTimeZone());
    const absl::Duration fraction = time - absl::FromCivil(civil, absl::UTCTimeZone());
    const absl::TimeZone::TimeInfo info = zone.At(civil);
    time = info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre + fraction;
    return true;
  }

  bool Times(const Template& from, event::v1::Open& open, event::v1::Private& personal,
             FileEvent& file) {
    absl::optional<Read> read;
    if (!Time(from.occurred, "open.occurred", read)) return false;
    if (!read) return Fail(from.occurred.columns, "missing_occurred", "open.occurred", "is empty.");
    *open.mutable_occurred() = read->when;
    file.occurred = read->time;
    if (from.recorded) {
      if (!Time(*from.recorded, "recorded", read)) return false;
      if (read) file.recorded = read->time;
    }
    if (from.effective) {
      if (!Time(*from.effective, "open.effective", read)) return false;
      if (read) *open.mutable_effective() = read->when;
    }
    if (from.until) {
      if (!Time(*from.until, "open.until", read)) return false;
      if (read) *open.mutable_until() = read->when;
    }
    if (from.birth_date) {
      if (!Time(*from.birth_date, "private.birth_date", read)) return false;
      if (read) personal.set_birth_date(read->when.day());
    }
    return true;
  }

  template <typename Mutable>
  bool Matter(const absl::optional<BoundMatter>& from, absl::string_view field,
              const std::string& agency, Mutable mutable_matter) {
    if (!from) return true;
    std::string id;
    if (!Text(from->id, field, id)) return false;
    if (id.empty()) return true;
    event::v1::Matter& matter = *mutable_matter();
    matter.set_id(id);
    if (!from->agency) {
      matter.set_agency(agency);
      return true;
    }
    if (!Needed(*from->agency, Reason::kBadMatter, field, *matter.mutable_agency())) return false;
    if (IsSnakeCase(matter.agency())) return true;
    return Fail(from->agency->columns, kRowBadName, field,
                "is not an agency's id in lower_snake_case; use slug, map or prefix.");
  }

  bool Ids(const Template& from, event::v1::Open& open, FileEvent& file) {
    std::string text;
    if (from.event_id) {
      if (!Needed(*from.event_id, Reason::kMissingEventId, "open.event_id", text)) return false;
      open.set_event_id(text);
      file.event_id = text;
    }
    if (!from.sequence) return true;
    if (!Text(*from.sequence, "open.sequence", text)) return false;
    uint64_t number = 0;
    if (text.empty()) return true;
    if (!absl::SimpleAtoi(text, &number)) {
      return Fail(from.sequence->columns, kRowBadNumber, "open.sequence",
                  "is not a number from 1.");
    }
    open.set_sequence(number);
    return true;
  }

  bool Texts(const Template& from, event::v1::Event& event) {
    std::string text;
    for (const BoundText& bound : from.texts) {
      const std::string path =
          absl::StrCat(bound.is_private ? "private." : "open.", bound.field->name());
      if (!Text(bound.value, path, text)) return false;
      if (text.empty()) continue;
      google::protobuf::Message* into = event.mutable_open();
      if (bound.is_private) into = event.mutable_private_();
      into->GetReflection()->SetString(into, bound.field, text);
    }
    return true;
  }

  bool Fields(const Template& from, event::v1::Open& open) {
    std::string text;
    for (const BoundField& bound : from.fields) {
      const std::string path = absl::StrCat("open.fields.", bound.name);
      event::v1::Field field;
      field.set_name(bound.name);
      if (bound.code) {
        if (!Text(*bound.code, path, text)) return false;
        if (text.empty()) continue;
        field.set_code(text);
      } else if (bound.number) {
        int64_t number = 0;
        if (!Text(*bound.number, path, text)) return false;
        if (text.empty()) continue;
        if (!absl::SimpleAtoi(text, &number)) {
          return Fail(bound.number->columns, kRowBadNumber, path, "is not a whole number.");
        }
        field.set_number(number);
      } else {
        absl::optional<Read> read;
        if (!Time(*bound.when, path, read)) return false;
        if (!read) continue;
        *field.mutable_when() = read->when;
      }
      *open.add_fields() = std::move(field);
    }
    return true;
  }

  bool Remember(const event::v1::Open& open, FileEvent& file) {
    file.matter_agency = open.matter().agency();
    file.matter_id = open.matter().id();
    return true;
  }

  const Translator& translator_;
  absl::Span<const std::string> fields_;
  RowFault fault_;
};

bool Translator::Keeps(const std::vector<BoundFilter>& filters,
                       absl::Span<const std::string> fields) {
  return std::all_of(filters.begin(), filters.end(), [&](const BoundFilter& bound) {
    const absl::string_view text = absl::StripAsciiWhitespace(fields[bound.column]);
    const auto listed = [&](const auto& list) {
      return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one == text; });
    };
    if (bound.filter.empty()) return text.empty();
    if (bound.filter.not_empty()) return !text.empty();
    if (bound.filter.is_size() > 0) return listed(bound.filter.is());
    return !listed(bound.filter.is_not());
  });
}

absl::optional<RowFault> Translator::Translate(absl::Span<const std::string> fields,
                                               std::vector<event::v1::Event>& events,
                                               std::vector<FileEvent>& files,
                                               std::vector<std::string>& names) const {
  DOLEN_CHECK(fields.size() == columns_.size());
  if (!Keeps(keep_, fields)) return absl::nullopt;
  const size_t before = events.size();
  for (const Template& from : templates_) {
    if (!Keeps(from.when, fields)) continue;
    Maker maker(*this, fields);
    events.emplace_back();
    files.emplace_back();
    names.push_back(from.name);
    if (maker.Make(from, events.back(), files.back())) continue;
    events.resize(before);
    files.resize(before);
    names.resize(before);
    return std::move(maker.fault());
  }
  return absl::nullopt;
}

}  // namespace dolen
