// The receivers of this folder's servers/, started for a test.
#ifndef DOLEN_TESTS_CONNECTORS_ALERTING_RECEIVER_H_
#define DOLEN_TESTS_CONNECTORS_ALERTING_RECEIVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "tests/connectors/alerting/server.h"

namespace dolen {

// An authority of its own and a certificate of a server on loopback.
class Certificates {
 public:
  Certificates();
  std::string ca_file() const { return folder_.Path("ca.pem"); }
  std::string server_file() const { return folder_.Path("server.pem"); }
  std::string key_file() const { return folder_.Path("server-key.pem"); }

 private:
  const TemporaryFolder folder_;
};

// servers/http_receiver.py.
class Receiver {
 public:
  struct Options {
    bool tls = false;
    std::string most_tls = "1.3";
    std::vector<std::string> secrets = {};
  };
  Receiver() : Receiver(Options{}) {}
  explicit Receiver(const Options& options);

  int port() const { return port_; }
  std::string Url(absl::string_view path) const;
  std::string ca_file() const { return certificates_ ? certificates_->ca_file() : ""; }
  // What has come so far.
  std::vector<nlohmann::ordered_json> Requests() const;

 private:
  const TemporaryFolder folder_;
  std::unique_ptr<Certificates> certificates_;
  std::unique_ptr<Server> server_;
  int port_ = 0;
};

// servers/smtp_server.py.
class MailServer {
 public:
  struct Options {
    std::string tls = "none";  // "starttls", "smtps"
    std::string login = "";    // "user:password" that clients must give
    std::string hang = "";     // "data", "quit": where it stops answering
  };
  explicit MailServer(const Options& options);

  std::string Url() const;
  std::string ca_file() const { return certificates_ ? certificates_->ca_file() : ""; }
  // What it has taken so far.
  std::vector<nlohmann::ordered_json> Mails() const;

 private:
  const TemporaryFolder folder_;
  std::unique_ptr<Certificates> certificates_;
  std::unique_ptr<Server> server_;
  std::string scheme_;
  int port_ = 0;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_ALERTING_RECEIVER_H_
