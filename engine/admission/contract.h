// dolen.event.v1 as tables: for each field its name, wire type, whether it may stand more than
// once, and what a text in it may be. A test compares the tables with the descriptors, so that a
// new field of the contract cannot be forgotten here.
#ifndef DOLEN_ENGINE_ADMISSION_CONTRACT_H_
#define DOLEN_ENGINE_ADMISSION_CONTRACT_H_

#include <cstdint>

#include "engine/admission/text.h"
#include "engine/admission/wire.h"
#include "engine/base/limits.h"

namespace dolen {

struct FieldSpec {
  const char* name = nullptr;  // none: this number is not in use
  WireType type = WireType::kVarint;
  bool repeated = false;
  TextClass text = TextClass::kNone;
  uint32_t max_bytes = 0;  // of texts
};

// Codes of further fields and values of identifiers are shorter than other ids: they stand in
// indexes and in alerts.
inline constexpr uint32_t kMaxCode = 64;
// Names and addresses: the longest postal address that forms allow is a third of it.
inline constexpr uint32_t kMaxName = 1024;

constexpr FieldSpec NumberField(const char* name) { return {name, WireType::kVarint}; }
constexpr FieldSpec IdField(const char* name, uint32_t max_bytes = kMaxId) {
  return {name, WireType::kBytes, false, TextClass::kId, max_bytes};
}
constexpr FieldSpec ProseField(const char* name, uint32_t max_bytes = kMaxName) {
  return {name, WireType::kBytes, false, TextClass::kProse, max_bytes};
}
constexpr FieldSpec MessageField(const char* name) { return {name, WireType::kBytes}; }
constexpr FieldSpec MessagesField(const char* name) { return {name, WireType::kBytes, true}; }

// The index is the field's number; 0 is no number.
inline constexpr FieldSpec kEventFields[] = {
    {}, NumberField("contract"), MessageField("open"), MessageField("private")};
inline constexpr FieldSpec kOpenFields[] = {{},
                                            IdField("event_id"),
                                            IdField("agency"),
                                            MessageField("occurred"),
                                            NumberField("kind"),
                                            IdField("milestone"),
                                            MessageField("matter"),
                                            NumberField("sequence"),
                                            MessageField("published"),
                                            MessageField("continues"),
                                            IdField("occasion"),
                                            IdField("family"),
                                            IdField("to_agency"),
                                            IdField("service_type"),
                                            IdField("role"),
                                            IdField("reason"),
                                            IdField("next_step"),
                                            IdField("outcome"),
                                            IdField("part"),
                                            MessageField("effective"),
                                            MessageField("until"),
                                            IdField("rule"),
                                            IdField("owner"),
                                            MessageField("corrects"),
                                            MessagesField("fields"),
                                            IdField("birth_month"),
                                            IdField("language"),
                                            IdField("area"),
                                            IdField("basis")};
inline constexpr FieldSpec kWhenFields[] = {{}, MessageField("instant"), IdField("day")};
inline constexpr FieldSpec kTimestampFields[] = {{}, NumberField("seconds"), NumberField("nanos")};
inline constexpr FieldSpec kMatterFields[] = {{}, IdField("agency"), IdField("id")};
inline constexpr FieldSpec kCorrectionFields[] = {{},
                                                  IdField("agency"),
                                                  IdField("event_id"),
                                                  NumberField("voids"),
                                                  NumberField("kind"),
                                                  IdField("milestone")};
inline constexpr FieldSpec kFieldFields[] = {
    {}, IdField("name"), IdField("code", kMaxCode), NumberField("number"), MessageField("when")};
inline constexpr FieldSpec kPrivateFields[] = {{},
                                               MessagesField("child"),
                                               ProseField("child_name"),
                                               ProseField("birth_date"),
                                               ProseField("text", kMaxText),
                                               ProseField("practitioner"),
                                               ProseField("address")};
inline constexpr FieldSpec kIdentifierFields[] = {
    {}, IdField("issuer", kMaxCode), IdField("value", kMaxCode)};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_CONTRACT_H_
