// Mail: one message with a text and an HTML part, in Welsh, then English, as the team reads.
//
// All mails of a thread answer one Message-ID that is made from the thread ("<thread.HASH@host>"),
// so that they are one conversation also after a restart, when nobody remembers which was first.
// The subject says what the mail says, not what the thread began with: who sees only subjects must
// not take what has ended for late. A mail that is sent again has the same Message-ID.
#ifndef DOLEN_CONNECTORS_ALERTING_MAIL_H_
#define DOLEN_CONNECTORS_ALERTING_MAIL_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "connectors/alerting/destination.h"
#include "connectors/alerting/outbound.h"

namespace dolen {

// Alerts that are listed in one mail; a person reads no more, and the rest is counted.
inline constexpr size_t kMostInMail = 100;

struct MailOptions {
  Endpoint server;
  bool without_tls = false;
  Envelope envelope;
  absl::TimeZone zone;  // of times in texts
};

// Heartbeats are refused: nobody notices that a mail stays away.
std::unique_ptr<Destination> MakeMail(MailOptions options);

// The whole mail, with CRLF.
std::string MailOf(const Notice& notice, const Envelope& envelope, absl::TimeZone zone);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_MAIL_H_
