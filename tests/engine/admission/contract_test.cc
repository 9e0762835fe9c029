// The tables of contract.h against the published contract.
#include "engine/admission/contract.h"

#include <gtest/gtest.h>

#include "dolen/event/v1/event.pb.h"

namespace dolen {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

WireType WireTypeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_BYTES:
      return WireType::kBytes;
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_BOOL:
    case FieldDescriptor::TYPE_ENUM:
      return WireType::kVarint;
    default:
      ADD_FAILURE() << "a type that admission does not walk over: " << field.full_name();
      return WireType::kFixed64;
  }
}

template <size_t kCount>
void ExpectSame(const FieldSpec (&specs)[kCount], const Descriptor& message) {
  size_t named = 0;
  for (const FieldSpec& spec : specs) named += spec.name != nullptr ? 1 : 0;
  EXPECT_EQ(named, static_cast<size_t>(message.field_count())) << message.full_name();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    SCOPED_TRACE(field.full_name());
    ASSERT_LT(static_cast<size_t>(field.number()), kCount);
    const FieldSpec& spec = specs[field.number()];
    ASSERT_NE(spec.name, nullptr);
    EXPECT_EQ(spec.name, field.name());
    EXPECT_EQ(spec.type, WireTypeOf(field));
    EXPECT_EQ(spec.repeated, field.is_repeated());
    const bool is_text = field.type() == FieldDescriptor::TYPE_STRING;
    EXPECT_EQ(spec.text != TextClass::kNone, is_text);
    EXPECT_EQ(spec.max_bytes > 0, is_text);
  }
}

TEST(ContractTest, TheTablesSayWhatTheProtoSays) {
  ExpectSame(kEventFields, *event::v1::Event::descriptor());
  ExpectSame(kOpenFields, *event::v1::Open::descriptor());
  ExpectSame(kWhenFields, *event::v1::When::descriptor());
  ExpectSame(kTimestampFields, *google::protobuf::Timestamp::descriptor());
  ExpectSame(kMatterFields, *event::v1::Matter::descriptor());
  ExpectSame(kCorrectionFields, *event::v1::Correction::descriptor());
  ExpectSame(kFieldFields, *event::v1::Field::descriptor());
  ExpectSame(kPrivateFields, *event::v1::Private::descriptor());
  ExpectSame(kIdentifierFields, *event::v1::Identifier::descriptor());
}

TEST(ContractTest, EventIsTheFirstMessageOfItsFile) {
  // The Confluent framing names the message by this place.
  EXPECT_EQ(event::v1::Event::descriptor()->index(), 0);
}

}  // namespace
}  // namespace dolen
