#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/admission/check_parts.h"
#include "engine/admission/walk.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

// The range of google.protobuf.Timestamp: the years 1 to 9999.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kLastSecond = 253402300799;
constexpr int64_t kLastNano = 999999999;

// As read from When: a day's 00:00 UTC stands for the day.
struct WhenValue {
  bool is_there = false;
  absl::Time time;
};

struct MatterId {
  bool is_there = false;
  absl::string_view agency;
  absl::string_view id;
};

absl::Time FirstInstant() {
  static const absl::Time first =
      absl::FromCivil(absl::CivilSecond(kFirstYear, 1, 1), absl::UTCTimeZone());
  return first;
}

bool IsKnownKind(uint64_t kind) {
  return kind > 0 && kind <= INT32_MAX && event::v1::Kind_IsValid(static_cast<int>(kind));
}

// "referral_made" and so on: names that a milestone must not have, since rules find events by one
// name, be it a kind's or a milestone's.
bool IsKindName(absl::string_view name) {
  static const auto* names = [] {
    auto* set = new absl::flat_hash_set<std::string>;
    const auto* kinds = event::v1::Kind_descriptor();
    for (int i = 0; i < kinds->value_count(); ++i) {
      std::string kind = absl::AsciiStrToLower(kinds->value(i)->name());
      set->insert(kind.substr(std::string("kind_").size()));
    }
    return set;
  }();
  return names->contains(name);
}

// What an Open says, as far as it is judged as a whole.
struct OpenFacts {
  bool has_published = false;
  bool has_correction = false;
  uint64_t kind = 0;
  uint64_t sequence = 0;
  int fields = 0;
  absl::string_view event_id, agency, milestone;
  WhenValue occurred;
  MatterId matter, continues;
  absl::InlinedVector<absl::string_view, 8> field_names;
};

class OpenChecker {
 public:
  OpenChecker(absl::string_view agency, absl::Time now, Fault& fault)
      : agency_(agency), now_(now), fault_(fault) {}

  uint64_t sequence() const { return facts_.sequence; }
  bool Check(absl::string_view open) {
    return Walk(open, kOpenFields, path_, fault_,
                [&](const WireField& field) { return OnField(field); }) &&
           CheckWho() && CheckOccurred() && CheckKind() && CheckMatters();
  }

 private:
  bool OnField(const WireField& field);
  bool CheckWho();
  bool CheckOccurred();
  bool CheckKind();
  bool CheckMatters();
  bool CheckMilestone(uint64_t kind, absl::string_view milestone, const Path& path);
  bool ReadInstant(absl::string_view bytes, const Path& path, Reason reason, absl::Time& time);
  bool ReadWhen(absl::string_view bytes, const Path& path, Reason reason, WhenValue& moment);
  bool CheckLaterWhen(absl::string_view bytes, const Path& path);
  bool ReadMatter(absl::string_view bytes, const char* name, MatterId& matter);
  bool ReadCorrection(absl::string_view bytes);
  bool ReadField(absl::string_view bytes);
  bool CheckBirthMonth(absl::string_view month);
  bool CheckLanguage(absl::string_view language);

  const absl::string_view agency_;
  const absl::Time now_;
  Fault& fault_;
  const Path path_{nullptr, "open"};
  OpenFacts facts_;
  absl::string_view correction_;
};

bool OpenChecker::OnField(const WireField& field) {
  absl::Time published;
  switch (field.number) {
    case event::v1::Open::kEventIdFieldNumber:
      facts_.event_id = field.bytes;
      return true;
    case event::v1::Open::kAgencyFieldNumber:
      facts_.agency = field.bytes;
      return true;
    case event::v1::Open::kOccurredFieldNumber:
      return ReadWhen(field.bytes, {&path_, "occurred"}, Reason::kBadOccurred, facts_.occurred);
    case event::v1::Open::kKindFieldNumber:
      facts_.kind = field.varint;
      return true;
    case event::v1::Open::kSequenceFieldNumber:
      facts_.sequence = field.varint;
      return true;
    case event::v1::Open::kMilestoneFieldNumber:
      facts_.milestone = field.bytes;
      return true;
    case event::v1::Open::kMatterFieldNumber:
      return ReadMatter(field.bytes, "matter", facts_.matter);
    case event::v1::Open::kContinuesFieldNumber:
      return ReadMatter(field.bytes, "continues", facts_.continues);
    case event::v1::Open::kPublishedFieldNumber:
      return ReadInstant(field.bytes, {&path_, "published"}, Reason::kBadPublished, published);
    case event::v1::Open::kEffectiveFieldNumber:
      return CheckLaterWhen(field.bytes, {&path_, "effective"});
    case event::v1::Open::kUntilFieldNumber:
      return CheckLaterWhen(field.bytes, {&path_, "until"});
    case event::v1::Open::kCorrectsFieldNumber:
      // Read once agency and event id are known, to see whether it corrects itself.
      facts_.has_correction = true;
      correction_ = field.bytes;
      return true;
    case event::v1::Open::kFieldsFieldNumber:
      return ReadField(field.bytes);
    case event::v1::Open::kBirthMonthFieldNumber:
      return CheckBirthMonth(field.bytes);
    case event::v1::Open::kLanguageFieldNumber:
      return CheckLanguage(field.bytes);
    default:
      return true;
  }
}

bool OpenChecker::CheckWho() {
  if (facts_.event_id.empty()) return fault_.Set(Reason::kMissingEventId, path_.Text("event_id"));
  if (facts_.agency.empty()) return fault_.Set(Reason::kMissingAgency, path_.Text("agency"));
  if (facts_.agency != agency_) return fault_.Set(Reason::kWrongAgency, path_.Text("agency"));
  return true;
}

bool OpenChecker::CheckOccurred() {
  if (!facts_.occurred.is_there) {
    return fault_.Set(Reason::kMissingOccurred, path_.Text("occurred"));
  }
  if (facts_.occurred.time < FirstInstant()) {
    return fault_.Set(Reason::kOccurredBefore1900, path_.Text("occurred"));
  }
  if (facts_.occurred.time > now_ + kMaxAhead) {
    return fault_.Set(Reason::kOccurredInFuture, path_.Text("occurred"));
  }
  return true;
}

bool OpenChecker::CheckKind() {
  if (!IsKnownKind(facts_.kind)) return fault_.Set(Reason::kUnknownKind, path_.Text("kind"));
  if (!CheckMilestone(facts_.kind, facts_.milestone, path_)) return false;
  const bool is_correction = facts_.kind == event::v1::KIND_CORRECTION;
  if (is_correction != facts_.has_correction) {
    return fault_.Set(is_correction ? Reason::kMissingCorrection : Reason::kUnexpectedCorrection,
                      path_.Text("corrects"));
  }
  return !is_correction || ReadCorrection(correction_);
}

bool OpenChecker::CheckMilestone(uint64_t kind, absl::string_view milestone, const Path& path) {
  const bool is_milestone = kind == event::v1::KIND_MILESTONE_REACHED;
  if (!is_milestone && milestone.empty()) return true;
  const Reason reason = !is_milestone             ? Reason::kUnexpectedMilestone
                        : milestone.empty()       ? Reason::kMissingMilestone
                        : !IsSnakeCase(milestone) ? Reason::kMilestoneNotSnakeCase
                                                  : Reason::kMilestoneIsKindName;
  if (reason == Reason::kMilestoneIsKindName && !IsKindName(milestone)) return true;
  return fault_.Set(reason, path.Text("milestone"));
}

bool OpenChecker::CheckMatters() {
  if (!facts_.continues.is_there || !facts_.matter.is_there) return true;
  if (facts_.continues.agency != facts_.matter.agency) return true;
  if (facts_.continues.id != facts_.matter.id) return true;
  return fault_.Set(Reason::kBadMatter, path_.Text("continues"));
}

bool OpenChecker::ReadInstant(absl::string_view bytes, const Path& path, Reason reason,
                              absl::Time& time) {
  int64_t seconds = 0, nanos = 0;
  const auto on_field = [&](const WireField& field) {
    if (field.number == 1) seconds = static_cast<int64_t>(field.varint);
    if (field.number == 2) nanos = static_cast<int64_t>(field.varint);
    return true;
  };
  if (!Walk(bytes, kTimestampFields, path, fault_, on_field)) return false;
  if (seconds < kFirstSecond || seconds > kLastSecond || nanos < 0 || nanos > kLastNano) {
    return fault_.Set(reason, path.Text());
  }
  time = absl::FromUnixSeconds(seconds) + absl::Nanoseconds(nanos);
  return true;
}

bool OpenChecker::ReadWhen(absl::string_view bytes, const Path& path, Reason reason,
                           WhenValue& moment) {
  const auto on_field = [&](const WireField& field) {
    if (field.number == 0) return true;
    // Of the two only one may stand; the last would win, and readers could disagree.
    if (moment.is_there) return fault_.Set(Reason::kRepeatedField, path.Text());
    moment.is_there = true;
    if (field.number == event::v1::When::kInstantFieldNumber) {
      return ReadInstant(field.bytes, path, reason, moment.time);
    }
    absl::CivilDay day;
    if (!ParseDay(field.bytes, day)) return fault_.Set(reason, path.Text("day"));
    moment.time = absl::UnixEpoch() + absl::Hours(24) * (day - absl::CivilDay(1970, 1, 1));
    return true;
  };
  if (!Walk(bytes, kWhenFields, path, fault_, on_field)) return false;
  return moment.is_there || fault_.Set(reason, path.Text());
}

// A When that is not `occurred`: it may lie ahead, but not before kFirstYear.
bool OpenChecker::CheckLaterWhen(absl::string_view bytes, const Path& path) {
  WhenValue moment;
  if (!ReadWhen(bytes, path, Reason::kBadWhen, moment)) return false;
  return moment.time >= FirstInstant() || fault_.Set(Reason::kBadWhen, path.Text());
}

bool OpenChecker::ReadMatter(absl::string_view bytes, const char* name, MatterId& matter) {
  const Path path{&path_, name};
  matter.is_there = true;
  const auto on_field = [&](const WireField& field) {
    if (field.number == event::v1::Matter::kAgencyFieldNumber) matter.agency = field.bytes;
    if (field.number == event::v1::Matter::kIdFieldNumber) matter.id = field.bytes;
    return true;
  };
  if (!Walk(bytes, kMatterFields, path, fault_, on_field)) return false;
  if (!matter.agency.empty() && !matter.id.empty()) return true;
  return fault_.Set(Reason::kBadMatter, path.Text(matter.id.empty() ? "id" : "agency"));
}

bool OpenChecker::ReadCorrection(absl::string_view bytes) {
  const Path path{&path_, "corrects"};
  absl::string_view agency, event_id, milestone;
  bool voids = false;
  uint64_t kind = 0;
  const auto on_field = [&](const WireField& field) {
    if (field.number == event::v1::Correction::kAgencyFieldNumber) agency = field.bytes;
    if (field.number == event::v1::Correction::kEventIdFieldNumber) event_id = field.bytes;
    if (field.number == event::v1::Correction::kVoidsFieldNumber) voids = field.varint != 0;
    if (field.number == event::v1::Correction::kKindFieldNumber) kind = field.varint;
    if (field.number == event::v1::Correction::kMilestoneFieldNumber) milestone = field.bytes;
    return true;
  };
  if (!Walk(bytes, kCorrectionFields, path, fault_, on_field)) return false;
  const bool is_itself = agency == facts_.agency && event_id == facts_.event_id;
  if (agency.empty() || event_id.empty() || is_itself) {
    return fault_.Set(Reason::kBadCorrection, path.Text(agency.empty() ? "agency" : "event_id"));
  }
  if (voids) {
    return (kind == 0 && milestone.empty()) ||
           fault_.Set(Reason::kBadCorrection, path.Text("voids"));
  }
  if (!IsKnownKind(kind) || kind == event::v1::KIND_CORRECTION) {
    return fault_.Set(Reason::kBadCorrection, path.Text("kind"));
  }
  return CheckMilestone(kind, milestone, path);
}

bool OpenChecker::ReadField(absl::string_view bytes) {
  const Path path{&path_, "fields", facts_.fields};
  if (++facts_.fields > kMaxFields) {
    return fault_.Set(Reason::kTooManyFields, path_.Text("fields"));
  }
  absl::string_view name;
  int values = 0;
  const auto on_field = [&](const WireField& field) {
    if (field.number == 0) return true;
    if (field.number == event::v1::Field::kNameFieldNumber) {
      name = field.bytes;
      return true;
    }
    if (++values > 1) return fault_.Set(Reason::kRepeatedField, path.Text());
    if (field.number == event::v1::Field::kCodeFieldNumber) {
      return !field.bytes.empty() || fault_.Set(Reason::kBadField, path.Text("code"));
    }
    if (field.number != event::v1::Field::kWhenFieldNumber) return true;
    return CheckLaterWhen(field.bytes, {&path, "when"});
  };
  if (!Walk(bytes, kFieldFields, path, fault_, on_field)) return false;
  if (!IsSnakeCase(name)) return fault_.Set(Reason::kBadField, path.Text("name"));
  if (values == 0) return fault_.Set(Reason::kBadField, path.Text());
  if (std::count(facts_.field_names.begin(), facts_.field_names.end(), name) > 0) {
    return fault_.Set(Reason::kDuplicateField, path.Text("name"));
  }
  facts_.field_names.push_back(name);
  return true;
}

bool OpenChecker::CheckBirthMonth(absl::string_view month) {
  absl::CivilDay first;
  if (month.empty()) return true;
  if (ParseDay(absl::StrCat(month, "-01"), first) && first.year() >= kFirstYear) return true;
  return fault_.Set(Reason::kBadBirthMonth, path_.Text("birth_month"));
}

// The shape of a tag: subtags of one to eight letters or digits, the first of two or three letters
// (longer first subtags are reserved).
bool OpenChecker::CheckLanguage(absl::string_view language) {
  size_t subtag = 0, size = 0;
  bool is_tag = true;
  for (const char c : language) {
    if (c == '-') {
      is_tag = is_tag && size > (subtag == 0 ? 1 : 0);
      ++subtag, size = 0;
    } else {
      ++size;
      is_tag = is_tag && (subtag == 0 ? absl::ascii_isalpha(c) && size <= 3
                                      : absl::ascii_isalnum(c) && size <= 8);
    }
  }
  is_tag = is_tag && size > (subtag == 0 ? 1 : 0);
  if (language.empty() || is_tag) return true;
  return fault_.Set(Reason::kBadLanguage, path_.Text("language"));
}

}  // namespace

bool CheckOpen(absl::string_view open, absl::string_view agency, absl::Time now, uint64_t& sequence,
               Fault& fault) {
  OpenChecker checker(agency, now, fault);
  const bool passed = checker.Check(open);
  sequence = checker.sequence();
  return passed;
}

}  // namespace dolen
