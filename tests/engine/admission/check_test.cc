#include "engine/admission/check.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/admission/wire.h"
#include "tests/engine/admission/support.h"

namespace dolen {
namespace {

using event::v1::Event;

std::string Wire(const std::function<void(WireWriter&)>& write) {
  std::string bytes;
  WireWriter writer(bytes);
  write(writer);
  return bytes;
}

// A good event with further bytes after its open part's, or its private part's, own.
std::string WithOpen(absl::string_view more, const Event& event = GoodEvent()) {
  const std::string open = event.open().SerializeAsString();
  return Wire([&](WireWriter& to) {
    to.Number(1, 1);
    to.Message(2, absl::StrCat(open, more));
    to.Message(3, event.private_().SerializeAsString());
  });
}
std::string WithPrivate(absl::string_view more) {
  const Event event = GoodEvent();
  return Wire([&](WireWriter& to) {
    to.Number(1, 1);
    to.Message(2, event.open().SerializeAsString());
    to.Message(3, absl::StrCat(event.private_().SerializeAsString(), more));
  });
}

struct BadInput {
  std::string reason;
  std::string field;
  std::string value;
  std::function<void(Received&)> edit;  // of what comes with the value
};

// A bad event made by one edit of the good one.
BadInput Edited(std::string reason, std::string field, const std::function<void(Event&)>& edit) {
  Event event = GoodEvent();
  edit(event);
  return {std::move(reason), std::move(field), event.SerializePartialAsString(), nullptr};
}

void SetInstant(Event& event, absl::Time time) {
  *event.mutable_open()->mutable_occurred()->mutable_instant() = ToTimestamp(time);
}
void SetDay(Event& event, const char* day) {
  event.mutable_open()->mutable_occurred()->set_day(day);
}
void MakeCorrection(Event& event, bool voids, event::v1::Kind kind) {
  event.mutable_open()->set_kind(event::v1::KIND_CORRECTION);
  auto& corrects = *event.mutable_open()->mutable_corrects();
  corrects.set_agency(kAgency);
  corrects.set_event_id("an earlier one");
  corrects.set_voids(voids);
  corrects.set_kind(kind);
}
void SetChild(Event& event, const char* issuer, const std::string& value) {
  event.mutable_private_()->mutable_child(0)->set_issuer(issuer);
  event.mutable_private_()->mutable_child(0)->set_value(value);
}

std::vector<BadInput> BadValues() {
  const std::string good = GoodEvent().SerializeAsString();
  const std::string utf8 = Wire([](WireWriter& to) { to.Bytes(16, "caf\xe9"); });
  return {
      {"tombstone", "", "", [](Received& received) { received.tombstone = true; }},
      {"empty", "", "", nullptr},
      {"empty", "", std::string("\0\0\0\0\1\0", 6), nullptr},
      {"too_large", "", std::string(kMaxEventBytes + 1, 'x'), nullptr},
      {"unknown_framing", "", std::string("\0\0\0\0\1", 5), nullptr},
      {"unknown_framing", "", std::string("\0\0\0\0\1\2\2", 7) + good, nullptr},
      {"unknown_framing", "", std::string("\0\0\0\0\1\4\0\0", 8) + good, nullptr},
      {"unknown_framing", "", std::string("\0\0\0\0\1\x80", 6), nullptr},
      {"unknown_framing", "", std::string("\1") + good, nullptr},
      {"truncated", "", good.substr(0, good.size() - 1), nullptr},
      {"truncated", "open.matter",
       WithOpen(Wire([](WireWriter& to) { to.Bytes(6, "\x0a\x05x"); }),
                [] {
                  Event event = GoodEvent();
                  event.mutable_open()->clear_matter();
                  return event;
                }()),
       nullptr},
      {"malformed", "", "{\"contract\": 1}", nullptr},
      {"malformed", "open", WithOpen(std::string("\x00", 1)), nullptr},
      {"malformed", "open", WithOpen("\xfb\x06"), nullptr},
      {"malformed", "open", WithOpen(std::string("\x38") + std::string(10, '\xff') + "\x01"),
       nullptr},
      {"wrong_wire_type", "contract", Wire([](WireWriter& to) { to.Bytes(1, "1"); }), nullptr},
      {"wrong_wire_type", "open.role", WithOpen(Wire([](WireWriter& to) { to.Number(14, 1); })),
       nullptr},
      {"repeated_field", "contract", good + Wire([](WireWriter& to) { to.Number(1, 1); }), nullptr},
      {"repeated_field", "open", good + Wire([](WireWriter& to) { to.Message(2, ""); }), nullptr},
      {"repeated_field", "private", good + Wire([](WireWriter& to) { to.Message(3, ""); }),
       nullptr},
      {"repeated_field", "open.agency", WithOpen(Wire([](WireWriter& to) { to.Bytes(2, "x"); })),
       nullptr},
      {"repeated_field", "open.kind", WithOpen(Wire([](WireWriter& to) { to.Number(4, 2); })),
       nullptr},
      {"repeated_field", "private.child_name",
       WithPrivate(Wire([](WireWriter& to) { to.Bytes(2, "x"); })), nullptr},
      {"unknown_field", "", good + Wire([](WireWriter& to) { to.Number(4, 1); }), nullptr},
      {"malformed", "", good + "trailing text", nullptr},
      {"invalid_utf8", "open.next_step", WithOpen(utf8), nullptr},
  };
}

std::vector<BadInput> BadEnvelopes() {
  const std::string good = GoodEvent().SerializeAsString();
  static const std::vector<Header> many(65, Header{"k", "v"});
  static const std::vector<Header> other = {{"ce_source", "powys-council"}};
  static const std::vector<Header> structured = {
      {"Content-Type", "application/cloudevents+protobuf"}};
  return {
      {"too_many_headers", "", good, [](Received& received) { received.headers = many; }},
      {"wrong_agency", "headers.ce_source", good,
       [](Received& received) { received.headers = other; }},
      {"unsupported_content_type", "headers.content-type", good,
       [](Received& received) { received.headers = structured; }},
      {"wrong_agency", "open.agency", good, [](Received& received) { received.agency = "powys"; }},
      Edited("unknown_contract", "contract", [](Event& e) { e.set_contract(2); }),
      Edited("unknown_contract", "contract", [](Event& e) { e.clear_contract(); }),
      Edited("missing_open", "open", [](Event& e) { e.clear_open(); }),
      Edited("missing_private", "private", [](Event& e) { e.clear_private_(); }),
      Edited("control_characters", "open.event_id",
             [](Event& e) { e.mutable_open()->set_event_id(std::string("a\0b", 3)); }),
      Edited("control_characters", "open.reason",
             [](Event& e) { e.mutable_open()->set_reason("two\nlines"); }),
      Edited("control_characters", "private.text",
             [](Event& e) { e.mutable_private_()->set_text("bell \x07"); }),
      Edited("control_characters", "private.child_name",
             [](Event& e) { e.mutable_private_()->set_child_name("C1 \u0085"); }),
      Edited("invisible_characters", "open.matter.id",
             [](Event& e) { e.mutable_open()->mutable_matter()->set_id("REF\u200b1"); }),
      Edited("invisible_characters", "private.child[0].value",
             [](Event& e) { SetChild(e, "gwent", "12\u202e34"); }),
      Edited("id_too_long", "open.event_id",
             [](Event& e) { e.mutable_open()->set_event_id(std::string(129, 'x')); }),
      Edited("id_too_long", "private.child[0].value",
             [](Event& e) { SetChild(e, "gwent", std::string(65, '1')); }),
      Edited("text_too_long", "private.text",
             [](Event& e) { e.mutable_private_()->set_text(std::string(kMaxText + 1, 'x')); }),
      Edited("text_too_long", "private.address",
             [](Event& e) { e.mutable_private_()->set_address(std::string(1025, 'x')); }),
  };
}

std::vector<BadInput> BadOpens() {
  return {
      Edited("missing_event_id", "open.event_id",
             [](Event& e) { e.mutable_open()->clear_event_id(); }),
      Edited("missing_agency", "open.agency", [](Event& e) { e.mutable_open()->clear_agency(); }),
      Edited("missing_occurred", "open.occurred",
             [](Event& e) { e.mutable_open()->clear_occurred(); }),
      Edited("bad_occurred", "open.occurred",
             [](Event& e) { e.mutable_open()->mutable_occurred()->clear_instant(); }),
      Edited("bad_occurred", "open.occurred.day", [](Event& e) { SetDay(e, "2026-02-29"); }),
      Edited("bad_occurred", "open.occurred.day", [](Event& e) { SetDay(e, ""); }),
      Edited("bad_occurred", "open.occurred.day", [](Event& e) { SetDay(e, "02/03/2026"); }),
      Edited("bad_occurred", "open.occurred",
             [](Event& e) {
               e.mutable_open()->mutable_occurred()->mutable_instant()->set_nanos(1000000000);
             }),
      Edited(
          "bad_occurred", "open.occurred",
          [](Event& e) { e.mutable_open()->mutable_occurred()->mutable_instant()->set_nanos(-1); }),
      Edited("bad_occurred", "open.occurred",
             [](Event& e) {
               e.mutable_open()->mutable_occurred()->mutable_instant()->set_seconds(253402300800);
             }),
      Edited("occurred_in_future", "open.occurred",
             [](Event& e) { SetInstant(e, Noon() + kMaxAhead + absl::Microseconds(1)); }),
      Edited("occurred_in_future", "open.occurred",
             [](Event& e) { SetInstant(e, absl::FromUnixSeconds(253402300799)); }),
      // 3 March 12:00 is the limit, so that the 4th lies beyond it whatever the zone.
      Edited("occurred_in_future", "open.occurred", [](Event& e) { SetDay(e, "2026-03-04"); }),
      Edited("occurred_before_1900", "open.occurred", [](Event& e) { SetDay(e, "1899-12-31"); }),
      Edited("occurred_before_1900", "open.occurred",
             [](Event& e) { SetInstant(e, absl::FromUnixSeconds(-2208988801)); }),
      Edited("repeated_field", "open.occurred",
             [](Event& e) { e.mutable_open()->clear_occurred(); }),
      Edited("unknown_kind", "open.kind", [](Event& e) { e.mutable_open()->clear_kind(); }),
      Edited("unknown_kind", "open.kind",
             [](Event& e) { e.mutable_open()->set_kind(static_cast<event::v1::Kind>(29)); }),
      Edited("unknown_kind", "open.kind",
             [](Event& e) { e.mutable_open()->set_kind(static_cast<event::v1::Kind>(-1)); }),
      Edited("bad_matter", "open.matter.id",
             [](Event& e) { e.mutable_open()->mutable_matter()->clear_id(); }),
      Edited("bad_matter", "open.matter.agency",
             [](Event& e) { e.mutable_open()->mutable_matter()->clear_agency(); }),
      Edited("bad_matter", "open.continues.id",
             [](Event& e) { e.mutable_open()->mutable_continues()->set_agency("powys"); }),
      Edited("bad_matter", "open.continues",
             [](Event& e) { *e.mutable_open()->mutable_continues() = e.open().matter(); }),
      Edited("bad_published", "open.published",
             [](Event& e) { e.mutable_open()->mutable_published()->set_nanos(-5); }),
      Edited("bad_when", "open.effective", [](Event& e) { e.mutable_open()->mutable_effective(); }),
      Edited("bad_when", "open.until.day",
             [](Event& e) { e.mutable_open()->mutable_until()->set_day("2026-13-01"); }),
      Edited("bad_when", "open.until",
             [](Event& e) { e.mutable_open()->mutable_until()->set_day("1066-10-14"); }),
      Edited(
          "bad_when", "open.fields[0].when.day",
          [](Event& e) { e.mutable_open()->mutable_fields(0)->mutable_when()->set_day("soon"); }),
      Edited("bad_birth_month", "open.birth_month",
             [](Event& e) { e.mutable_open()->set_birth_month("2015-13"); }),
      Edited("bad_birth_month", "open.birth_month",
             [](Event& e) { e.mutable_open()->set_birth_month("2015-06-11"); }),
      Edited("bad_language", "open.language",
             [](Event& e) { e.mutable_open()->set_language("Welsh please"); }),
      Edited("bad_language", "open.language",
             [](Event& e) { e.mutable_open()->set_language("cy-"); }),
  };
}

std::vector<BadInput> BadMilestonesAndCorrections() {
  const auto milestone = [](Event& e, const char* name) {
    e.mutable_open()->set_kind(event::v1::KIND_MILESTONE_REACHED);
    e.mutable_open()->set_milestone(name);
  };
  return {
      Edited("missing_milestone", "open.milestone", [&](Event& e) { milestone(e, ""); }),
      Edited("milestone_not_snake_case", "open.milestone",
             [&](Event& e) { milestone(e, "Child seen"); }),
      Edited("milestone_is_kind_name", "open.milestone",
             [&](Event& e) { milestone(e, "referral_made"); }),
      Edited("milestone_is_kind_name", "open.milestone",
             [&](Event& e) { milestone(e, "unspecified"); }),
      Edited("unexpected_milestone", "open.milestone",
             [](Event& e) { e.mutable_open()->set_milestone("child_seen"); }),
      Edited("missing_correction", "open.corrects",
             [](Event& e) { e.mutable_open()->set_kind(event::v1::KIND_CORRECTION); }),
      Edited("unexpected_correction", "open.corrects",
             [](Event& e) {
               MakeCorrection(e, true, event::v1::KIND_UNSPECIFIED);
               e.mutable_open()->set_kind(event::v1::KIND_WAITLISTED);
             }),
      Edited("bad_correction", "open.corrects.kind",
             [](Event& e) { MakeCorrection(e, false, event::v1::KIND_UNSPECIFIED); }),
      Edited("bad_correction", "open.corrects.kind",
             [](Event& e) { MakeCorrection(e, false, event::v1::KIND_CORRECTION); }),
      Edited("bad_correction", "open.corrects.voids",
             [](Event& e) { MakeCorrection(e, true, event::v1::KIND_WAITLISTED); }),
      Edited("bad_correction", "open.corrects.agency",
             [](Event& e) {
               MakeCorrection(e, true, event::v1::KIND_UNSPECIFIED);
               e.mutable_open()->mutable_corrects()->clear_agency();
             }),
      Edited("bad_correction", "open.corrects.event_id",
             [](Event& e) {
               MakeCorrection(e, true, event::v1::KIND_UNSPECIFIED);
               e.mutable_open()->mutable_corrects()->set_event_id(e.open().event_id());
             }),
      Edited("missing_milestone", "open.corrects.milestone",
             [](Event& e) { MakeCorrection(e, false, event::v1::KIND_MILESTONE_REACHED); }),
  };
}

std::vector<BadInput> BadFieldsAndChildren() {
  const auto add = [](Event& e, const std::string& name) -> event::v1::Field& {
    event::v1::Field& field = *e.mutable_open()->add_fields();
    field.set_name(name);
    return field;
  };
  return {
      Edited("too_many_fields", "open.fields",
             [&](Event& e) {
               for (int i = 1; i <= kMaxFields; ++i) add(e, absl::StrCat("f", i)).set_number(i);
             }),
      Edited("bad_field", "open.fields[1].name", [&](Event& e) { add(e, "").set_number(1); }),
      Edited("bad_field", "open.fields[1].name",
             [&](Event& e) { add(e, "Reply Wanted").set_number(1); }),
      Edited("bad_field", "open.fields[1]", [&](Event& e) { add(e, "urgency"); }),
      Edited("bad_field", "open.fields[1].code", [&](Event& e) { add(e, "urgency").set_code(""); }),
      Edited("id_too_long", "open.fields[1].code",
             [&](Event& e) { add(e, "urgency").set_code(std::string(65, 'u')); }),
      Edited("duplicate_field", "open.fields[1].name",
             [&](Event& e) { add(e, "reply_wanted_by").set_code("x"); }),
      Edited("missing_child", "private.child",
             [](Event& e) { e.mutable_private_()->clear_child(); }),
      Edited("too_many_identifiers", "private.child",
             [](Event& e) {
               while (e.private_().child_size() < 9) {
                 *e.mutable_private_()->add_child() = e.private_().child(0);
               }
             }),
      Edited("bad_identifier", "private.child[0].issuer", [](Event& e) { SetChild(e, "", "1"); }),
      Edited("bad_identifier", "private.child[0].issuer",
             [](Event& e) { SetChild(e, "NHS", kNhsNumber); }),
      Edited("bad_identifier", "private.child[0].value",
             [](Event& e) { SetChild(e, "gwent", ""); }),
      Edited("bad_identifier", "private.child[0].value",
             [](Event& e) { SetChild(e, "nhs", "943 476 5919"); }),
      Edited("bad_nhs_number", "private.child[0].value",
             [](Event& e) { SetChild(e, "nhs", "9434765918"); }),
      Edited("bad_upn", "private.child[0].value",
             [](Event& e) { SetChild(e, "upn", "A801200005001"); }),
      Edited("bad_birth_date", "private.birth_date",
             [](Event& e) { e.mutable_private_()->set_birth_date("11 June 2015"); }),
  };
}

std::vector<BadInput> AllBadInputs() {
  std::vector<BadInput> all;
  for (const auto& part : {BadValues(), BadEnvelopes(), BadOpens(), BadMilestonesAndCorrections(),
                           BadFieldsAndChildren()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  // An instant and a day at once cannot be made with protobuf's own setters.
  for (BadInput& input : all) {
    if (input.reason != "repeated_field" || input.field != "open.occurred") continue;
    Event event = GoodEvent();
    event.mutable_open()->clear_occurred();
    const std::string both = absl::StrCat(Wire([](WireWriter& to) { to.Message(1, ""); }),
                                          Wire([](WireWriter& to) { to.Bytes(2, "2026-03-01"); }));
    input.value = WithOpen(Wire([&](WireWriter& to) { to.Message(3, both); }), event);
  }
  return all;
}

Received Make(const BadInput& input) {
  Received received = ReceivedOf(input.value);
  if (input.edit != nullptr) input.edit(received);
  return received;
}

TEST(CheckTest, EveryBadInputHasItsOwnReasonAndPlace) {
  // Given by connectors/files only, and of what came back about alerts (reply_test.cc).
  std::set<std::string> seen = {"bad_row",        "missing_action_id", "bad_alert_id",
                                "unknown_action", "missing_by",        "bad_snooze",
                                "bad_assignee",   "missing_note",      "bad_receipt"};
  for (const BadInput& input : AllBadInputs()) {
    SCOPED_TRACE(absl::StrCat(input.reason, " ", input.field));
    const auto checked = CheckEvent(Make(input), Noon());
    const auto* rejection = absl::get_if<Rejection>(&checked);
    ASSERT_NE(rejection, nullptr);
    EXPECT_EQ(rejection->code, input.reason);
    EXPECT_EQ(rejection->field, input.field);
    EXPECT_FALSE(rejection->sentence.empty());
    seen.insert(rejection->code);
  }
  for (const Reason reason : AllReasons()) {
    EXPECT_TRUE(seen.contains(std::string(ReasonCode(reason)))) << ReasonCode(reason);
  }
}

TEST(CheckTest, AfterEachBadInputTheNextEventIsAdmitted) {
  Installation installation;
  const std::string good = GoodEvent().SerializeAsString();
  int64_t admitted = 0;
  for (const BadInput& input : AllBadInputs()) {
    const Received batch[] = {Make(input), ReceivedOf(good)};
    const auto outcomes = installation.admitter->Admit(batch).value();
    EXPECT_EQ(outcomes[0].rejection.value().code, input.reason);
    EXPECT_FALSE(outcomes[1].rejection.has_value());
    ++admitted;
    EXPECT_EQ(static_cast<int64_t>(installation.Quarantined().size()), admitted);
    EXPECT_EQ(installation.Quarantined().back().value(), input.value);
  }
  EXPECT_EQ(static_cast<int64_t>(installation.Ledger().size()), admitted);
}

TEST(CheckTest, NothingReceivedIsRepeatedInARejection) {
  for (const BadInput& input : AllBadInputs()) {
    const auto rejection = absl::get<Rejection>(CheckEvent(Make(input), Noon()));
    for (const char* personal : {kNhsNumber, "Mali", "2015-06", "REF-2026", "sleeping"}) {
      EXPECT_EQ(absl::StrCat(rejection.code, rejection.field, rejection.sentence).find(personal),
                std::string::npos);
    }
  }
}

TEST(CheckTest, AGoodEventIsGivenBackAsSlicesOfWhatWasReceived) {
  const Event event = GoodEvent();
  const std::string value = event.SerializeAsString();
  const auto checked = absl::get<CheckedEvent>(CheckEvent(ReceivedOf(value), Noon()));
  EXPECT_EQ(checked.message, value);
  EXPECT_EQ(checked.open, event.open().SerializeAsString());
  EXPECT_EQ(checked.private_part, event.private_().SerializeAsString());
  ASSERT_EQ(checked.Identifiers().size(), 1);
  EXPECT_EQ(checked.Identifiers()[0].issuer, "nhs");
  EXPECT_EQ(checked.Identifiers()[0].value, kNhsNumber);
  EXPECT_GE(checked.open.data(), value.data());
  EXPECT_LT(checked.open.data(), value.data() + value.size());
}

TEST(CheckTest, UnusualEncodingsAreKeptByteForByte) {
  // Fields in reverse order, a number with a needless byte, and a field of a later minor version.
  const Event event = GoodEvent();
  const std::string open = absl::StrCat(event.open().SerializeAsString(), "\xea\x01\x01?");
  std::string value = Wire([&](WireWriter& to) {
    to.Message(3, event.private_().SerializeAsString());
    to.Message(2, open);
  });
  value += std::string("\x08\x81\x00", 3);
  const auto checked = absl::get<CheckedEvent>(CheckEvent(ReceivedOf(value), Noon()));
  EXPECT_EQ(checked.open, open);
  EXPECT_EQ(checked.message, value);
}

TEST(CheckTest, TheConfluentFramingIsTakenOff) {
  const std::string good = GoodEvent().SerializeAsString();
  for (const std::string& head :
       {std::string("\0\0\0\0\x2a\0", 6), std::string("\0\xff\0\1\2\2\0", 7)}) {
    const std::string framed = head + good;
    const auto checked = absl::get<CheckedEvent>(CheckEvent(ReceivedOf(framed), Noon()));
    EXPECT_EQ(checked.message, good);
  }
}

TEST(CheckTest, CloudEventsHeadersInBinaryModeAreAccepted) {
  const std::string good = GoodEvent().SerializeAsString();
  for (const char* source :
       {kAgency, "https://gwent.example/agencies/1", "/powys", "urn:x:powys"}) {
    const std::vector<Header> headers = {
        {"ce_specversion", "1.0"}, {"ce_source", source}, {"content-type", "application/protobuf"}};
    Received received = ReceivedOf(good);
    received.headers = headers;
    EXPECT_EQ(Verdict(received), "admitted") << source;
  }
}

TEST(CheckTest, LimitsThemselvesAreAdmitted) {
  Event event = GoodEvent();
  event.mutable_open()->set_event_id(std::string(kMaxId, 'x'));
  event.mutable_private_()->set_text(std::string(kMaxText, 'x'));
  SetInstant(event, Noon() + kMaxAhead);
  while (event.private_().child_size() < kMaxIdentifiers) {
    *event.mutable_private_()->add_child() = event.private_().child(0);
  }
  for (int i = 1; i < kMaxFields; ++i) {
    auto& field = *event.mutable_open()->add_fields();
    field.set_name(absl::StrCat("f", i));
    field.set_code(std::string(64, 'c'));
  }
  EXPECT_EQ(Verdict(ReceivedOf(event.SerializeAsString())), "admitted");
  for (const char* day : {"2026-03-03", "1900-01-01", "2024-02-29"}) {
    SetDay(event, day);
    EXPECT_EQ(Verdict(ReceivedOf(event.SerializeAsString())), "admitted") << day;
  }
}

TEST(CheckTest, EveryKindCanBeAdmitted) {
  const auto* kinds = event::v1::Kind_descriptor();
  for (int i = 0; i < kinds->value_count(); ++i) {
    Event event = GoodEvent();
    const auto kind = static_cast<event::v1::Kind>(kinds->value(i)->number());
    event.mutable_open()->set_kind(kind);
    if (kind == event::v1::KIND_CORRECTION) {
      MakeCorrection(event, false, event::v1::KIND_REFERRAL_ACCEPTED);
    }
    if (kind == event::v1::KIND_MILESTONE_REACHED) event.mutable_open()->set_milestone("seen");
    EXPECT_EQ(Verdict(ReceivedOf(event.SerializeAsString())),
              kind == event::v1::KIND_UNSPECIFIED ? "unknown_kind" : "admitted");
  }
}

TEST(CheckTest, LanguagesAreBcp47) {
  for (const char* language : {"cy", "en-GB", "zh-Hant-TW", "bfi", "sl-rozaj-1994"}) {
    Event event = GoodEvent();
    event.mutable_open()->set_language(language);
    EXPECT_EQ(Verdict(ReceivedOf(event.SerializeAsString())), "admitted") << language;
  }
}

}  // namespace
}  // namespace dolen
