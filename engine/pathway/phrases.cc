#include "engine/pathway/phrases.h"

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

struct KindWords {
  event::v1::Kind kind;
  Phrase phrase;
};

// Every kind; a test looks for one that is missing.
constexpr KindWords kKinds[] = {
    {event::v1::KIND_REFERRAL_MADE, {"atgyfeiriad: wedi'i wneud", "referral made"}},
    {event::v1::KIND_REFERRAL_RECEIVED, {"atgyfeiriad: wedi dod i law", "referral received"}},
    {event::v1::KIND_INFORMATION_REQUESTED, {"gwybodaeth: cais", "information requested"}},
    {event::v1::KIND_INFORMATION_SUPPLIED, {"gwybodaeth: ateb", "information supplied"}},
    {event::v1::KIND_REFERRAL_ACCEPTED, {"atgyfeiriad: wedi'i dderbyn", "referral accepted"}},
    {event::v1::KIND_REFERRAL_DECLINED, {"atgyfeiriad: wedi'i wrthod", "referral declined"}},
    {event::v1::KIND_REFERRAL_REDIRECTED,
     {"atgyfeiriad: wedi'i ailgyfeirio", "referral redirected"}},
    {event::v1::KIND_WAITLISTED, {"rhestr aros", "put on the waiting list"}},
    {event::v1::KIND_APPOINTMENT_OFFERED, {"apwyntiad: cynnig", "appointment offered"}},
    {event::v1::KIND_APPOINTMENT_ATTENDED, {"apwyntiad: presenoldeb", "appointment kept"}},
    {event::v1::KIND_APPOINTMENT_MISSED, {"apwyntiad: absenoldeb", "appointment missed"}},
    {event::v1::KIND_SERVICE_STARTED, {"gwasanaeth: dechrau", "service started"}},
    {event::v1::KIND_REFERRAL_WITHDRAWN, {"atgyfeiriad: wedi'i dynnu'n ôl", "referral withdrawn"}},
    {event::v1::KIND_REFERRAL_COMPLETED, {"atgyfeiriad: cwblhau", "referral completed"}},
    {event::v1::KIND_REFERRAL_EXPIRED, {"atgyfeiriad: dod i ben", "referral expired"}},
    {event::v1::KIND_REFERRAL_REOPENED, {"atgyfeiriad: ailagor", "referral reopened"}},
    {event::v1::KIND_HANDOVER_OFFERED, {"trosglwyddo cyfrifoldeb: cynnig", "handover offered"}},
    {event::v1::KIND_HANDOVER_ACCEPTED,
     {"trosglwyddo cyfrifoldeb: wedi'i dderbyn", "handover accepted"}},
    {event::v1::KIND_HANDOVER_DECLINED,
     {"trosglwyddo cyfrifoldeb: wedi'i wrthod", "handover declined"}},
    {event::v1::KIND_INFORMATION_PACK_SENT, {"pecyn gwybodaeth: anfon", "information pack sent"}},
    {event::v1::KIND_INFORMATION_PACK_RECEIVED,
     {"pecyn gwybodaeth: wedi dod i law", "information pack received"}},
    {event::v1::KIND_HANDOVER_COMPLETED,
     {"trosglwyddo cyfrifoldeb: cwblhau", "handover completed"}},
    {event::v1::KIND_HANDOVER_CANCELLED, {"trosglwyddo cyfrifoldeb: canslo", "handover cancelled"}},
    {event::v1::KIND_COVER_STARTED, {"cyflenwi: dechrau", "cover started"}},
    {event::v1::KIND_COVER_ENDED, {"cyflenwi: diwedd", "cover ended"}},
    {event::v1::KIND_EPISODE_OPENED, {"cyfnod: agor", "episode opened"}},
    {event::v1::KIND_EPISODE_CLOSED, {"cyfnod: cau", "episode closed"}},
    {event::v1::KIND_MILESTONE_REACHED, {"cam: cyrraedd", "milestone reached"}},
    {event::v1::KIND_CHILD_VOICE_RECORDED,
     {"llais y plentyn: cofnodi", "voice of the child recorded"}},
    {event::v1::KIND_STRENGTH_RECORDED, {"cryfder: cofnodi", "strength recorded"}},
    {event::v1::KIND_BASIS_RECORDED,
     {"sail rhannu gwybodaeth: cofnodi", "basis for sharing recorded"}},
    {event::v1::KIND_EXCEPTION_AUTHORISED, {"eithriad: awdurdodi", "exception authorised"}},
    {event::v1::KIND_CLOCK_PAUSED, {"cloc: saib", "clock paused"}},
    {event::v1::KIND_CLOCK_RESUMED, {"cloc: ailddechrau", "clock resumed"}},
    {event::v1::KIND_CORRECTION, {"cywiriad", "correction"}},
    {event::v1::KIND_IDENTITY_LINKED, {"hunaniaeth: cysylltu", "identity linked"}},
    {event::v1::KIND_IDENTITY_UNLINKED, {"hunaniaeth: datgysylltu", "identity unlinked"}},
    {event::v1::KIND_RECORD_SEALED, {"cofnod: selio", "record sealed"}},
    {event::v1::KIND_RECORD_UNSEALED, {"cofnod: dad-selio", "record unsealed"}},
    {event::v1::KIND_ERASURE_ORDERED, {"dileu: gorchymyn", "erasure ordered"}},
};

}  // namespace

std::string Labelled(const Phrase& label, absl::string_view value, Language language) {
  return absl::StrCat(label.In(language), ": ", value);
}

Phrase KindPhrase(event::v1::Kind kind) {
  for (const KindWords& words : kKinds) {
    if (words.kind == kind) return words.phrase;
  }
  return {};
}

std::string DayWords(absl::CivilDay day, Language language) {
  constexpr Phrase kDays[] = {{"Llun", "Monday"},  {"Mawrth", "Tuesday"}, {"Mercher", "Wednesday"},
                              {"Iau", "Thursday"}, {"Gwener", "Friday"},  {"Sadwrn", "Saturday"},
                              {"Sul", "Sunday"}};
  const auto weekday = static_cast<int>(absl::GetWeekday(day));  // Monday is 0
  return absl::StrCat(kDays[weekday].In(language), " ", DayText(day));
}

}  // namespace dolen
