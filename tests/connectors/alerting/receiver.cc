#include "tests/connectors/alerting/receiver.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Json> LinesOf(const std::string& path) {
  std::vector<Json> lines;
  for (const absl::string_view line : absl::StrSplit(ReadFile(path), '\n', absl::SkipEmpty())) {
    lines.push_back(Json::parse(line));
  }
  return lines;
}

void AddCertificate(const Certificates& certificates, std::vector<std::string>& command) {
  command.insert(command.end(),
                 {"--certificate", certificates.server_file(), "--key", certificates.key_file()});
}

}  // namespace

Certificates::Certificates() {
  const Ran ran = RunCommand(absl::StrCat(ServerScript("certificates.sh"), " ", folder_.path()));
  EXPECT_EQ(ran.status, 0) << "openssl (Debian: openssl): " << ran.output
                           << ReadFile(folder_.Path("openssl.log"));
}

Receiver::Receiver(const Options& options) {
  std::vector<std::string> command = {kPython,      ServerScript("http_receiver.py"),
                                      "--record",   folder_.Path("record"),
                                      "--most-tls", options.most_tls};
  for (const std::string& secret : options.secrets) {
    command.insert(command.end(), {"--secret", secret});
  }
  if (options.tls) {
    certificates_ = std::make_unique<Certificates>();
    AddCertificate(*certificates_, command);
  }
  server_ = std::make_unique<Server>(command, folder_.Path("log"));
  port_ = server_->AwaitPort();
}

std::string Receiver::Url(absl::string_view path) const {
  return absl::StrCat(certificates_ ? "https" : "http", "://127.0.0.1:", port_, path);
}

std::vector<Json> Receiver::Requests() const { return LinesOf(folder_.Path("record")); }

MailServer::MailServer(const Options& options)
    : scheme_(options.tls == "smtps" ? "smtps" : "smtp") {
  std::vector<std::string> command = {kPython,    ServerScript("smtp_server.py"),
                                      "--record", folder_.Path("record"),
                                      "--tls",    options.tls};
  if (options.tls != "none") {
    certificates_ = std::make_unique<Certificates>();
    AddCertificate(*certificates_, command);
  }
  if (!options.login.empty()) command.insert(command.end(), {"--login", options.login});
  if (!options.hang.empty()) command.insert(command.end(), {"--hang", options.hang});
  server_ = std::make_unique<Server>(command, folder_.Path("log"));
  port_ = server_->AwaitPort();
}

std::string MailServer::Url() const { return absl::StrCat(scheme_, "://127.0.0.1:", port_); }

std::vector<Json> MailServer::Mails() const { return LinesOf(folder_.Path("record")); }

}  // namespace dolen
