#include "engine/admission/quarantine_record.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/text.h"
#include "engine/base/check.h"
#include "engine/base/limits.h"
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

size_t BytesOf(const Received& received) {
  size_t bytes = received.key.size() + received.value.size();
  for (const Header& header : received.headers) bytes += header.key.size() + header.value.size();
  return bytes;
}

// A broker's limit is on what is sent, so a compressed record may be of any size. One that does not
// fit into quarantine would hold up all others for ever.
Received Beginning(Received received) {
  received.key = received.key.substr(0, kMaxId);
  received.value = received.value.substr(0, kMaxEventBytes);
  received.headers = {};
  return received;
}

std::vector<Header> DeadLetterHeaders(const Received& received, const Rejection& rejection) {
  std::vector<Header> headers(received.headers.begin(), received.headers.end());
  headers.push_back({"__connect.errors.topic", std::string(received.intake.topic)});
  headers.push_back({"__connect.errors.partition", absl::StrCat(received.intake.partition)});
  headers.push_back({"__connect.errors.offset", absl::StrCat(received.intake.offset)});
  headers.push_back({"__connect.errors.class.name", rejection.code});
  headers.push_back({"__connect.errors.exception.message", rejection.sentence});
  DOLEN_CHECK(headers.size() == received.headers.size() + kDeadLetterHeaders);
  return headers;
}

}  // namespace

NewEntry QuarantineEntryOf(const Received& received, const Rejection& rejection, absl::Time at) {
  const size_t bytes = BytesOf(received);
  // The key stands twice: in the value, and beside it for tools that look there.
  const bool is_whole = bytes + received.key.size() <= kMaxIntakeRecord;
  const Received keep = is_whole ? received : Beginning(received);
  ledger::v1::QuarantineRecord record;
  ledger::v1::Quarantined& kept = *record.mutable_received();
  kept.set_reason(AsUtf8(rejection.code));
  kept.set_field(AsUtf8(rejection.field));
  kept.set_sentence(AsUtf8(rejection.sentence));
  kept.set_agency(AsUtf8(keep.agency));
  kept.mutable_intake()->set_topic(AsUtf8(keep.intake.topic));
  kept.mutable_intake()->set_partition(keep.intake.partition);
  kept.mutable_intake()->set_offset(keep.intake.offset);
  kept.set_key(keep.key.data(), keep.key.size());
  kept.set_value(keep.value.data(), keep.value.size());
  kept.set_tombstone(keep.tombstone);
  kept.set_at(Micros(at));
  kept.set_place(AsUtf8(keep.place));
  kept.set_backfill(AsUtf8(keep.backfill));
  if (!is_whole) kept.set_received_bytes(bytes);

  NewEntry entry;
  entry.key = std::string(keep.key);
  entry.value = record.SerializeAsString();
  entry.headers = DeadLetterHeaders(keep, rejection);
  return entry;
}

}  // namespace dolen
