// Certificates for the tests of TLS, made when they run: an authority, and those it vouches for.
#ifndef DOLEN_TESTS_CONNECTORS_HTTP_CERTIFICATES_H_
#define DOLEN_TESTS_CONNECTORS_HTTP_CERTIFICATES_H_

#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace dolen {

// All texts are PEM.
struct Identity {
  std::string certificate;
  std::string key;
  std::string der;  // of the certificate
};

// What a certificate is to say.
struct Wanted {
  std::string common_name;
  std::string names;  // as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1"; empty: none
  std::string usage = "serverAuth";
  int days = 1;      // negative: it ended so long ago
  int rsa_bits = 0;  // 0: a key of P-256
};

class Authority {
 public:
  explicit Authority(const std::string& common_name);
  Identity Issue(const Wanted& wanted) const;
  const std::string& certificate() const { return pem_; }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
  std::string pem_;
};

// The program is wrong if the file cannot be written.
void WriteTextFile(const std::string& path, absl::string_view text);

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_HTTP_CERTIFICATES_H_
