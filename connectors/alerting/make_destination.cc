#include "connectors/alerting/make_destination.h"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "connectors/alerting/alertmanager.h"
#include "connectors/alerting/log_line.h"
#include "connectors/alerting/mail.h"
#include "connectors/alerting/mime.h"
#include "connectors/alerting/outbound.h"
#include "connectors/alerting/pagerduty.h"
#include "connectors/alerting/webhook.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

using Made = absl::StatusOr<std::unique_ptr<Destination>>;

// PagerDuty's integration keys.
constexpr size_t kRoutingKeyLength = 32;

absl::Status At(absl::string_view field, const absl::Status& status) {
  if (status.ok()) return status;
  return {status.code(), absl::StrCat(field, ": ", status.message())};
}

// Lines that are neither empty nor comments, without the space around them.
absl::StatusOr<std::vector<std::string>> LinesOf(absl::string_view field, const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(file, line)) {
    absl::StripAsciiWhitespace(&line);
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  }
  if (file.bad() || !file.eof()) {
    return absl::FailedPreconditionError(absl::StrCat(field, ": cannot read ", path));
  }
  if (lines.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(field, ": nothing in ", path));
  }
  return lines;
}

absl::StatusOr<std::string> SecretOf(absl::string_view field, const std::string& path) {
  DOLEN_ASSIGN_OR_RETURN(std::vector<std::string> lines, LinesOf(field, path));
  if (lines.size() > 1) {
    return absl::FailedPreconditionError(absl::StrCat(field, ": more than one line in ", path));
  }
  return std::move(lines[0]);
}

// "user:password", or empty where no file is named.
absl::StatusOr<std::string> CredentialsOf(absl::string_view field, const std::string& path) {
  if (path.empty()) return std::string();
  DOLEN_ASSIGN_OR_RETURN(std::string credentials, SecretOf(field, path));
  if (!absl::StrContains(credentials, ':')) {
    return absl::FailedPreconditionError(absl::StrCat(field, ": no user:password in ", path));
  }
  return credentials;
}

absl::Status CheckReadable(absl::string_view field, const std::string& path) {
  if (path.empty() || std::ifstream(path).good()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(field, ": cannot read ", path));
}

absl::StatusOr<absl::Duration> SecondsOf(absl::string_view field, uint32_t seconds,
                                         absl::Duration usual, absl::Duration most) {
  if (seconds == 0) return usual;
  if (absl::Seconds(seconds) <= most) return absl::Seconds(seconds);
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": at most ", absl::ToInt64Seconds(most), " seconds"));
}

Made Make(const routing::v1::Alertmanager& told, absl::Duration timeout, absl::TimeZone zone) {
  AlertmanagerOptions options;
  options.zone = zone;
  if (told.url().empty()) return absl::InvalidArgumentError("alertmanager.url: is missing");
  DOLEN_ASSIGN_OR_RETURN(
      options.repeat, SecondsOf("alertmanager.repeat_seconds", told.repeat_seconds(), kUsualRepeat,
                                kLongestRepeat));
  DOLEN_ASSIGN_OR_RETURN(const std::string credentials,
                         CredentialsOf("alertmanager.credentials_file", told.credentials_file()));
  DOLEN_RETURN_IF_ERROR(CheckReadable("alertmanager.ca_file", told.ca_file()));
  for (const std::string& url : told.url()) {
    DOLEN_RETURN_IF_ERROR(At("alertmanager.url", CheckHttpUrl(url)));
    options.replicas.push_back({url, told.ca_file(), credentials, timeout});
  }
  return MakeAlertmanager(std::move(options));
}

Made Make(const routing::v1::Webhook& told, absl::Duration timeout) {
  WebhookOptions options;
  DOLEN_RETURN_IF_ERROR(At("webhook.url", CheckHttpUrl(told.url())));
  DOLEN_RETURN_IF_ERROR(CheckReadable("webhook.ca_file", told.ca_file()));
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> lines,
                         LinesOf("webhook.secret_file", told.secret_file()));
  for (const std::string& line : lines) {
    const absl::StatusOr<std::string> secret = ReadSecret(line);
    if (!secret.ok()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "webhook.secret_file: ", secret.status().message(), " (", told.secret_file(), ")"));
    }
    options.secrets.push_back(*secret);
  }
  options.endpoint = {told.url(), told.ca_file(), "", timeout};
  return MakeWebhook(std::move(options));
}

Made Make(const routing::v1::PagerDuty& told, absl::Duration timeout, absl::TimeZone zone) {
  PagerDutyOptions options;
  options.zone = zone;
  const std::string url = told.url().empty() ? kPagerDutyUrl : told.url();
  DOLEN_RETURN_IF_ERROR(At("pagerduty.url", CheckHttpUrl(url)));
  DOLEN_RETURN_IF_ERROR(CheckReadable("pagerduty.ca_file", told.ca_file()));
  DOLEN_ASSIGN_OR_RETURN(options.routing_key,
                         SecretOf("pagerduty.routing_key_file", told.routing_key_file()));
  if (told.url().empty() && options.routing_key.size() != kRoutingKeyLength) {
    return absl::FailedPreconditionError(
        absl::StrCat("pagerduty.routing_key_file: a routing key has ", kRoutingKeyLength,
                     " characters (", told.routing_key_file(), ")"));
  }
  options.endpoint = {url, told.ca_file(), "", timeout};
  return MakePagerDuty(std::move(options));
}

Made Make(const routing::v1::Mail& told, absl::Duration timeout, absl::TimeZone zone) {
  MailOptions options;
  options.zone = zone;
  options.without_tls = told.without_tls();
  DOLEN_RETURN_IF_ERROR(At("mail.server", CheckMailServer(told.server(), told.without_tls())));
  DOLEN_RETURN_IF_ERROR(CheckReadable("mail.ca_file", told.ca_file()));
  if (told.to().empty()) return absl::InvalidArgumentError("mail.to: is missing");
  if (!IsMailbox(told.from())) return absl::InvalidArgumentError("mail.from: is no mail address");
  for (const std::string& to : told.to()) {
    if (!IsMailbox(to)) return absl::InvalidArgumentError("mail.to: is no mail address");
  }
  DOLEN_ASSIGN_OR_RETURN(const std::string credentials,
                         CredentialsOf("mail.credentials_file", told.credentials_file()));
  options.server = {told.server(), told.ca_file(), credentials, timeout};
  options.envelope = {told.from(), {told.to().begin(), told.to().end()}};
  return MakeMail(std::move(options));
}

Made MakeKind(const routing::v1::Destination& told) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/London", &zone)) {
    return absl::FailedPreconditionError("this system has no time zones: install tzdata");
  }
  DOLEN_ASSIGN_OR_RETURN(
      const absl::Duration timeout,
      SecondsOf("timeout_seconds", told.timeout_seconds(), kUsualTimeout, kLongestTimeout));
  switch (told.kind_case()) {
    case routing::v1::Destination::kAlertmanager:
      return Make(told.alertmanager(), timeout, zone);
    case routing::v1::Destination::kWebhook:
      return Make(told.webhook(), timeout);
    case routing::v1::Destination::kPagerduty:
      return Make(told.pagerduty(), timeout, zone);
    case routing::v1::Destination::kMail:
      return Make(told.mail(), timeout, zone);
    case routing::v1::Destination::kLogLine:
      return MakeLogLine();
    case routing::v1::Destination::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "is of no kind: alertmanager, webhook, pagerduty, mail or log_line");
}

}  // namespace

Made MakeDestination(const routing::v1::Destination& told) {
  Made made = MakeKind(told);
  if (made.ok()) return made;
  return At(absl::StrCat("destination ", told.name()), made.status());
}

}  // namespace dolen
