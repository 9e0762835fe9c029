#include "engine/admission/quarantine_record.h"

#include "absl/strings/str_cat.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/text.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

// Names of files and the connectors' own sentences may be in any encoding; a string field that is
// not UTF-8 would make the whole record unreadable.
std::string AsUtf8(absl::string_view text) {
  std::string clean(text);
  if (IsUtf8(text)) return clean;
  for (char& c : clean) {
    if (static_cast<signed char>(c) < 0) c = '?';
  }
  return clean;
}

}  // namespace

std::string QuarantineValue(const Received& received, const Rejection& rejection, absl::Time at) {
  ledger::v1::QuarantineRecord record;
  ledger::v1::Quarantined& kept = *record.mutable_received();
  kept.set_reason(AsUtf8(rejection.code));
  kept.set_field(AsUtf8(rejection.field));
  kept.set_sentence(AsUtf8(rejection.sentence));
  kept.set_agency(AsUtf8(received.agency));
  kept.mutable_intake()->set_topic(AsUtf8(received.intake.topic));
  kept.mutable_intake()->set_partition(received.intake.partition);
  kept.mutable_intake()->set_offset(received.intake.offset);
  kept.set_key(received.key.data(), received.key.size());
  kept.set_value(received.value.data(), received.value.size());
  kept.set_tombstone(received.tombstone);
  kept.set_at(Micros(at));
  kept.set_place(AsUtf8(received.place));
  kept.set_backfill(AsUtf8(received.backfill));
  return record.SerializeAsString();
}

std::vector<Header> QuarantineHeaders(const Received& received, const Rejection& rejection) {
  std::vector<Header> headers(received.headers.begin(), received.headers.end());
  headers.push_back({"__connect.errors.topic", std::string(received.intake.topic)});
  headers.push_back({"__connect.errors.partition", absl::StrCat(received.intake.partition)});
  headers.push_back({"__connect.errors.offset", absl::StrCat(received.intake.offset)});
  headers.push_back({"__connect.errors.class.name", rejection.code});
  headers.push_back({"__connect.errors.exception.message", rejection.sentence});
  DOLEN_CHECK(headers.size() == received.headers.size() + kDeadLetterHeaders);
  return headers;
}

}  // namespace dolen
