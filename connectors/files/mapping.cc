#include "connectors/files/mapping.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "connectors/files/gzip_file.h"
#include "connectors/files/text.h"
#include "engine/admission/text.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/pathway/text_file.h"

namespace dolen {
namespace {

using mapping::v1::ChildNumber;
using mapping::v1::EventTemplate;
using mapping::v1::FieldSource;
using mapping::v1::Filter;
using mapping::v1::Mapping;
using mapping::v1::MatterName;
using mapping::v1::Moment;
using mapping::v1::Value;
using Tree = google::protobuf::TextFormat::ParseInfoTree;

// A place in the mapping: its path for people and its node in the parse tree, if there is one.
struct Place {
  std::string path;
  const Tree* parent = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  int index = -1;

  // The nested message that stands here.
  const Tree* Inside() const {
    return parent == nullptr || field == nullptr ? nullptr : parent->GetTreeForNested(field, index);
  }
};

// The field `name` of the message that stands at `at`.
Place In(const Place& at, const google::protobuf::Descriptor* message, const char* name,
         int index = -1) {
  Place place;
  place.path = absl::StrCat(at.path, at.path.empty() ? "" : ".", name,
                            index < 0 ? "" : absl::StrCat("[", index, "]"));
  place.parent = at.Inside();
  place.field = message->FindFieldByName(name);
  place.index = index;
  return place;
}

class Checker {
 public:
  Checker(const Mapping& mapping, const Tree* tree, std::vector<Finding>& findings)
      : mapping_(mapping), tree_(tree), findings_(findings) {}

  void Check() {
    CheckCsv();
    CheckZone(mapping_.zone(), Top("zone"));
    CheckFilters(mapping_.keep(), [this](int i) { return Top("keep", i); });
    if (mapping_.event().empty()) Error(Top("event"), "say at least one event");
    if (mapping_.event_size() > kMaxEventsPerRow) {
      Error(Top("event", kMaxEventsPerRow), absl::StrCat("at most ", kMaxEventsPerRow, " events"));
    }
    if (mapping_.has_common()) CheckTemplate(mapping_.common(), Top("common"));
    for (int i = 0; i < mapping_.event_size(); ++i) {
      CheckTemplate(mapping_.event(i), Top("event", i));
      CheckName(i);
    }
    const std::vector<EventTemplate> whole = Templates(mapping_);
    for (int i = 0; i < mapping_.event_size(); ++i) CheckWhole(whole[i], Top("event", i));
  }

 private:
  void Error(const Place& place, std::string sentence) {
    Finding finding;
    finding.field = place.path;
    finding.sentence = std::move(sentence);
    if (place.parent != nullptr && place.field != nullptr) {
      const auto location = place.parent->GetLocation(
          place.field, place.field->is_repeated() ? std::max(place.index, 0) : -1);
      finding.line = location.line + 1;
      finding.column = location.column + 1;
    }
    findings_.push_back(std::move(finding));
  }

  Place Top(const char* name, int index = -1) const {
    Place place;
    place.path = index < 0 ? name : absl::StrCat(name, "[", index, "]");
    place.parent = tree_;
    place.field = Mapping::descriptor()->FindFieldByName(name);
    place.index = index;
    return place;
  }

  void CheckCsv() {
    const auto& csv = mapping_.csv();
    const Place at = Top("csv");
    const auto one_character = [&](const std::string& text, const char* name) {
      if (text.empty()) return;
      if (text.size() != 1 || static_cast<unsigned char>(text[0]) >= 0x80 || text[0] == '\n' ||
          text[0] == '\r') {
        Error(In(at, csv.descriptor(), name), "must be one ASCII character, not a line break");
      }
    };
    one_character(csv.separator(), "separator");
    one_character(csv.quote(), "quote");
    const std::string separator = csv.separator().empty() ? "," : csv.separator();
    if (separator == (csv.quote().empty() ? "\"" : csv.quote())) {
      Error(In(at, csv.descriptor(), "separator"), "separator and quote must differ");
    }
    if (!csv.encoding().empty() && csv.encoding() != "utf-8" && csv.encoding() != "windows-1252") {
      Error(In(at, csv.descriptor(), "encoding"), "must be \"utf-8\" or \"windows-1252\"");
    }
    CheckRepeatedNames();
  }

  void CheckRepeatedNames() {
    const auto& names = mapping_.csv().column();
    for (int i = 0; i < names.size(); ++i) {
      if (std::find(names.begin(), names.begin() + i, names[i]) != names.begin() + i) {
        Error(In(Top("csv"), mapping_.csv().descriptor(), "column", i),
              absl::StrCat("column \"", names[i], "\" is named twice"));
      }
    }
  }

  void CheckColumn(const std::string& name, const Place& place) {
    if (name.empty()) {
      Error(place, "name a column");
      return;
    }
    const auto& names = mapping_.csv().column();
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      Error(place, absl::StrCat("column \"", name, "\" is not among csv.column"));
    }
  }

  void CheckZone(const std::string& zone, const Place& place) {
    absl::TimeZone loaded;
    if (!zone.empty() && !absl::LoadTimeZone(zone, &loaded)) {
      Error(place, absl::StrCat("time zone \"", zone,
                                "\" is not known here; write an IANA name such as "
                                "\"Europe/London\" (package tzdata must be installed)"));
    }
  }

  template <typename PlaceOf>
  void CheckFilters(const google::protobuf::RepeatedPtrField<Filter>& filters, PlaceOf place_of) {
    for (int i = 0; i < filters.size(); ++i) {
      const Filter& filter = filters[i];
      const Place place = place_of(i);
      CheckColumn(filter.column(), In(place, filter.descriptor(), "column"));
      const int tests =
          (filter.is_size() > 0) + (filter.is_not_size() > 0) + filter.empty() + filter.not_empty();
      if (tests != 1) Error(place, "say exactly one of is, is_not, empty, not_empty");
    }
  }

  void CheckValue(const Value& value, const Place& place) {
    if (value.fixed().empty() == value.column().empty()) {
      Error(place, "say either \"fixed\" or at least one \"column\"");
    }
    if (!value.fixed().empty() && (value.map_size() > 0 || value.slug() ||
                                   !value.prefix().empty() || !value.if_empty().empty())) {
      Error(place, "map, slug, prefix and if_empty are for columns, not for a fixed text");
    }
    for (int i = 0; i < value.column_size(); ++i) {
      CheckColumn(value.column(i), In(place, value.descriptor(), "column", i));
    }
    for (int i = 0; i < value.map_size(); ++i) {
      const Place at = In(place, value.descriptor(), "map", i);
      if (value.map(i).from().empty() || value.map(i).to().empty()) {
        Error(at, "say both \"from\" and \"to\"; for empty columns use if_empty");
      }
      for (int j = 0; j < i; ++j) {
        if (value.map(j).from() == value.map(i).from()) {
          Error(at, absl::StrCat("\"", value.map(i).from(), "\" is listed twice"));
        }
      }
    }
  }

  // Texts that this value may become and that are known before any row is.
  static std::vector<std::string> KnownTexts(const Value& value) {
    std::vector<std::string> texts;
    if (!value.fixed().empty()) texts.push_back(value.fixed());
    for (const auto& meaning : value.map()) texts.push_back(value.prefix() + meaning.to());
    if (!value.if_empty().empty()) texts.push_back(value.if_empty());
    return texts;
  }

  void CheckAgency(const Value& value, const Place& place) {
    CheckValue(value, place);
    for (const std::string& text : KnownTexts(value)) {
      if (!IsSnakeCase(text)) {
        Error(place, absl::StrCat("\"", text, "\" is not an agency's id: lower_snake_case"));
      }
    }
  }

  void CheckIs(const Value& value, const Place& place) {
    CheckValue(value, place);
    for (const std::string& text : KnownTexts(value)) {
      bool forbidden = false;
      if (RowKind(text, forbidden) != event::v1::KIND_UNSPECIFIED) continue;
      if (forbidden) {
        Error(place, absl::StrCat("\"", text, "\" cannot be said by rows of a file"));
      } else if (!IsSnakeCase(text)) {
        Error(place, absl::StrCat("\"", text,
                                  "\" is neither a kind nor a milestone: ", "lower_snake_case"));
      }
    }
  }

  void CheckMoment(const Moment& moment, const Place& place) {
    if (moment.column().empty()) Error(place, "name at least one column");
    for (int i = 0; i < moment.column_size(); ++i) {
      CheckColumn(moment.column(i), In(place, moment.descriptor(), "column", i));
    }
    CheckZone(moment.zone(), In(place, moment.descriptor(), "zone"));
    for (int i = 0; i < moment.format_size(); ++i) {
      CheckFormat(moment.format(i), moment.day(), In(place, moment.descriptor(), "format", i));
    }
  }

  // Writes a sample and reads it back: a format that loses part of it would place events wrongly.
  void CheckFormat(const std::string& format, bool day, const Place& place) {
    if (absl::StrContains(format, "%Z")) {
      Error(place, "%Z (a zone's abbreviation) is not read; use %Ez for an offset, or zone");
      return;
    }
    const absl::TimeZone utc = absl::UTCTimeZone();
    const absl::CivilSecond sample(2031, 12, 28, 22, 47, 56);
    const std::string text = absl::FormatTime(format, absl::FromCivil(sample, utc), utc);
    absl::Time back;
    std::string error;
    if (!absl::ParseTime(format, text, utc, &back, &error)) {
      Error(place, absl::StrCat("is not a format of a time: ", error));
      return;
    }
    const absl::CivilSecond read = absl::ToCivilSecond(back, utc);
    if (absl::CivilDay(read) != absl::CivilDay(sample)) {
      Error(place, "must say year, month and day, for example \"%d/%m/%Y\"");
    } else if (!day && (read.hour() != sample.hour() || read.minute() != sample.minute())) {
      Error(place, "must say the time of day; where only the day is known write day: true");
    }
  }

  void CheckMatter(const MatterName& matter, const Place& place) {
    if (matter.has_agency()) {
      CheckAgency(matter.agency(), In(place, matter.descriptor(), "agency"));
    }
    if (!matter.has_id()) {
      Error(place, "say the matter's id");
    } else {
      CheckValue(matter.id(), In(place, matter.descriptor(), "id"));
    }
  }

  void CheckField(const FieldSource& field, const Place& place) {
    if (!IsSnakeCase(field.name())) {
      Error(In(place, field.descriptor(), "name"), "name the field in lower_snake_case");
    }
    switch (field.source_case()) {
      case FieldSource::kCode:
        return CheckValue(field.code(), In(place, field.descriptor(), "code"));
      case FieldSource::kNumber:
        return CheckValue(field.number(), In(place, field.descriptor(), "number"));
      case FieldSource::kWhen:
        return CheckMoment(field.when(), In(place, field.descriptor(), "when"));
      case FieldSource::SOURCE_NOT_SET:
        return Error(place, "say one of code, number, when");
    }
  }

  void CheckTemplate(const EventTemplate& event, const Place& at) {
    const auto* type = event.descriptor();
    CheckFilters(event.when(), [&](int i) { return In(at, type, "when", i); });
    for (int i = 0; i < event.child_size(); ++i) {
      const Place child = In(at, type, "child", i);
      if (!event.child(i).has_value()) {
        Error(child, "say where the child's number is: value");
      } else {
        CheckValue(event.child(i).value(), In(child, ChildNumber::descriptor(), "value"));
      }
    }
    if (event.child_size() > kMaxIdentifiers) {
      Error(In(at, type, "child", kMaxIdentifiers), absl::StrCat("at most ", kMaxIdentifiers));
    }
    if (event.field_size() > kMaxFields) {
      Error(In(at, type, "field", kMaxFields), absl::StrCat("at most ", kMaxFields, " fields"));
    }
    for (int i = 0; i < event.field_size(); ++i) {
      CheckField(event.field(i), In(at, type, "field", i));
    }
    CheckPlainFields(event, at);
  }

  // All that is a single Value, Moment or MatterName, by its type.
  void CheckPlainFields(const EventTemplate& event, const Place& at) {
    const auto* reflection = event.GetReflection();
    std::vector<const google::protobuf::FieldDescriptor*> set;
    reflection->ListFields(event, &set);
    for (const auto* field : set) {
      if (field->is_repeated() || field->message_type() == nullptr) continue;
      const Place place = In(at, event.descriptor(), field->name().c_str());
      const google::protobuf::Message& message = reflection->GetMessage(event, field);
      if (field->message_type() == Moment::descriptor()) {
        CheckMoment(static_cast<const Moment&>(message), place);
      } else if (field->message_type() == MatterName::descriptor()) {
        CheckMatter(static_cast<const MatterName&>(message), place);
      } else if (field->name() == "is") {
        CheckIs(static_cast<const Value&>(message), place);
      } else if (field->name() == "agency" || field->name() == "to_agency") {
        CheckAgency(static_cast<const Value&>(message), place);
      } else {
        CheckValue(static_cast<const Value&>(message), place);
      }
    }
  }

  // Names tell the events of one row apart in their ids.
  void CheckName(int i) {
    const std::string& name = mapping_.event(i).name();
    if (name.empty()) {
      if (mapping_.event_size() > 1) Error(Top("event", i), "name each of several events");
      return;
    }
    const Place place = In(Top("event", i), EventTemplate::descriptor(), "name");
    if (!IsSnakeCase(name)) Error(place, "must be lower_snake_case");
    for (int j = 0; j < i; ++j) {
      if (mapping_.event(j).name() == name) Error(place, "is the name of another event too");
    }
  }

  void CheckWhole(const EventTemplate& event, const Place& place) {
    if (event.child().empty()) Error(place, "say whose event it is: child");
    if (!event.has_is()) Error(place, "say what happened: is");
    if (!event.has_agency()) Error(place, "say who speaks: agency");
    if (!event.has_occurred()) Error(place, "say when it happened: occurred");
  }

  const Mapping& mapping_;
  const Tree* tree_;
  std::vector<Finding>& findings_;
};

}  // namespace

bool CheckedMapping::ok() const { return !HasErrors(findings); }

CheckedMapping ParseMapping(absl::string_view text) {
  CheckedMapping checked;
  Tree tree;
  if (!ParseTextFile(text, "mapping", checked.mapping, tree, checked.findings)) return checked;
  Checker(checked.mapping, &tree, checked.findings).Check();
  return checked;
}

absl::StatusOr<CheckedMapping> ReadMapping(const std::string& path) {
  DOLEN_ASSIGN_OR_RETURN(const std::string text, ReadPlainOrGzip(path, kMaxMappingBytes));
  return ParseMapping(text);
}

std::vector<EventTemplate> Templates(const Mapping& mapping) {
  std::vector<EventTemplate> templates;
  for (const EventTemplate& event : mapping.event()) {
    EventTemplate whole = event;
    const auto* reflection = whole.GetReflection();
    std::vector<const google::protobuf::FieldDescriptor*> set;
    mapping.common().GetReflection()->ListFields(mapping.common(), &set);
    for (const auto* field : set) {
      const bool said = field->is_repeated() ? reflection->FieldSize(whole, field) > 0
                                             : reflection->HasField(whole, field);
      if (said || field->name() == "name") continue;
      // Copies this one field: a message that has nothing else is merged in.
      EventTemplate one = mapping.common();
      for (const auto* other : set) {
        if (other != field) reflection->ClearField(&one, other);
      }
      whole.MergeFrom(one);
    }
    templates.push_back(std::move(whole));
  }
  return templates;
}

event::v1::Kind RowKind(absl::string_view name, bool& forbidden) {
  using event::v1::Kind;
  Kind kind = event::v1::KIND_UNSPECIFIED;
  const std::string full = absl::StrCat("KIND_", absl::AsciiStrToUpper(name));
  // Names are lower case: "Referral_Made" is no kind.
  const bool lower = absl::AsciiStrToLower(name) == name;
  forbidden = false;
  if (!lower || !event::v1::Kind_Parse(full, &kind)) return event::v1::KIND_UNSPECIFIED;
  forbidden = kind == event::v1::KIND_UNSPECIFIED || kind == event::v1::KIND_MILESTONE_REACHED ||
              kind >= event::v1::KIND_CORRECTION;
  return forbidden ? event::v1::KIND_UNSPECIFIED : kind;
}

bool FormatHasOffset(absl::string_view format) {
  return absl::StrContains(format, "%z") || absl::StrContains(format, "%Ez") ||
         absl::StrContains(format, "%E*z") || absl::StrContains(format, "%:z") ||
         absl::StrContains(format, "%::z") || absl::StrContains(format, "%:::z") ||
         absl::StrContains(format, "%s");
}

std::vector<std::string> FormatsOf(const Moment& moment) {
  if (!moment.format().empty()) return {moment.format().begin(), moment.format().end()};
  if (moment.day()) return {"%Y-%m-%d"};
  return {absl::RFC3339_full};
}

}  // namespace dolen
