// The two bodies of a mail. Pure.
#ifndef DOLEN_CONNECTORS_ALERTING_MAIL_BODY_H_
#define DOLEN_CONNECTORS_ALERTING_MAIL_BODY_H_

#include <string>

#include "absl/time/time.h"
#include "connectors/alerting/notice.h"

namespace dolen {

std::string MailText(const Notice& notice, absl::TimeZone zone);
std::string MailHtml(const Notice& notice, absl::TimeZone zone);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_MAIL_BODY_H_
