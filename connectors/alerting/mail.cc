#include "connectors/alerting/mail.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "connectors/alerting/mail_body.h"
#include "connectors/alerting/message.h"
#include "connectors/alerting/mime.h"
#include "connectors/alerting/words.h"
#include "engine/base/digest.h"

namespace dolen {
namespace {

// A subject that is longer is cut by the programs that show it.
constexpr size_t kLongestSubject = 200;

class Mail : public Destination {
 public:
  explicit Mail(MailOptions options) : options_(std::move(options)) {}

  Delivery Deliver(const Notice& notice) override {
    if (notice.kind == Notice::Kind::kHeartbeat) {
      return {Delivery::Outcome::kRefused, "mail takes no heartbeats", {}};
    }
    return SendMail(options_.server, options_.without_tls, options_.envelope,
                    MailOf(notice, options_.envelope, options_.zone));
  }

 private:
  const MailOptions options_;
};

// A hash, since ids of notices and threads may hold what a Message-ID must not.
std::string MessageId(absl::string_view kind, absl::string_view id, absl::string_view from) {
  const absl::string_view host = from.substr(from.find('@') + 1);
  return absl::StrCat("<", kind, ".", ShortSha256Hex(id), "@", host, ">");
}

std::string Part(absl::string_view type, const std::string& text) {
  return absl::StrCat("Content-Type: ", type,
                      "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
                      QuotedPrintable(text));
}

std::string LanguageTags(routing::v1::Team::Language language) {
  std::vector<absl::string_view> tags;
  for (const Language one : LanguagesOf(language)) tags.push_back(LanguageTag(one));
  return absl::StrJoin(tags, ", ");
}

}  // namespace

std::unique_ptr<Destination> MakeMail(MailOptions options) {
  return std::make_unique<Mail>(std::move(options));
}

std::string MailOf(const Notice& notice, const Envelope& envelope, absl::TimeZone zone) {
  // No line of quoted-printable holds "=_".
  const std::string boundary = absl::StrCat("=_", ShortSha256Hex(notice.id));
  std::string mail;
  const auto add = [&](absl::string_view name, absl::string_view value) {
    absl::StrAppend(&mail, name, ": ", value, "\r\n");
  };
  add("Date", MailDate(notice.at));
  add("From", envelope.from);
  add("To", absl::StrJoin(envelope.to, ",\r\n "));
  mail += HeaderLine("Subject", Shortened(Headline(notice), kLongestSubject));
  add("Message-ID", MessageId("notice", notice.id, envelope.from));
  if (!notice.thread.empty()) {
    const std::string root = MessageId("thread", notice.thread, envelope.from);
    add("In-Reply-To", root);
    add("References", root);
  }
  add("Auto-Submitted", "auto-generated");  // RFC 3834
  add("X-Auto-Response-Suppress", "All");   // the same for Exchange
  add("Content-Language", LanguageTags(notice.language));
  add("MIME-Version", "1.0");
  add("Content-Type", absl::StrCat("multipart/alternative;\r\n boundary=\"", boundary, "\""));
  absl::StrAppend(&mail, "\r\n--", boundary, "\r\n", Part("text/plain", MailText(notice, zone)),
                  "--", boundary, "\r\n", Part("text/html", MailHtml(notice, zone)), "--", boundary,
                  "--\r\n");
  return mail;
}

}  // namespace dolen
