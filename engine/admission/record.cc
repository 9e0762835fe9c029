#include "engine/admission/record.h"

#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/wire.h"
#include "engine/base/time.h"

namespace dolen {

absl::string_view RecordEncoder::Encode(const Received& received, const CheckedEvent& event,
                                        const Stamp& stamp) {
  using ledger::v1::AgencyEvent;
  using ledger::v1::Position;
  using ledger::v1::Record;

  position_.clear();
  WireWriter position(position_);
  position.Bytes(Position::kTopicFieldNumber, received.intake.topic);
  position.Number(Position::kPartitionFieldNumber,
                  static_cast<uint64_t>(int64_t{received.intake.partition}));
  position.Number(Position::kOffsetFieldNumber, static_cast<uint64_t>(received.intake.offset));

  event_.clear();
  WireWriter body(event_);
  body.Bytes(AgencyEvent::kOpenFieldNumber, event.open);
  body.Bytes(AgencyEvent::kPrivateFieldNumber, event.private_part);
  body.Bytes(AgencyEvent::kDigestFieldNumber, stamp.digest);
  body.Number(AgencyEvent::kDigestKeyFieldNumber, stamp.digest_key);
  body.Bytes(AgencyEvent::kAgencyFieldNumber, received.agency);
  body.Message(AgencyEvent::kIntakeFieldNumber, position_);
  body.Bytes(AgencyEvent::kChildFieldNumber, stamp.child.bytes());
  body.Number(AgencyEvent::kIdentityPositionFieldNumber,
              static_cast<uint64_t>(stamp.identity_position));
  body.Bytes(AgencyEvent::kBackfillFieldNumber, received.backfill);

  record_.clear();
  WireWriter record(record_);
  record.Number(Record::kWrittenFieldNumber, static_cast<uint64_t>(Micros(stamp.written)));
  record.Message(Record::kEventFieldNumber, event_);
  return record_;
}

}  // namespace dolen
