#include "tests/connectors/http/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <fstream>

#include "engine/base/check.h"

namespace dolen {
namespace {

constexpr int kDaySeconds = 86400;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string TakeBio(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

std::string PemOf(X509* certificate) {
  BIO* const bio = BIO_new(BIO_s_mem());
  DOLEN_CHECK(PEM_write_bio_X509(bio, certificate) == 1);
  return TakeBio(bio);
}

std::string PemOf(EVP_PKEY* key) {
  BIO* const bio = BIO_new(BIO_s_mem());
  DOLEN_CHECK(PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return TakeBio(bio);
}

void AddExtension(X509* certificate, int id, const std::string& value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
  DOLEN_CHECK(extension != nullptr);
  DOLEN_CHECK(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

void AddName(X509_NAME* name, const char* field, const std::string& value) {
  DOLEN_CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                         reinterpret_cast<const unsigned char*>(value.data()),
                                         static_cast<int>(value.size()), -1, 0) == 1);
}

// Unsigned, without extensions.
Certificate Blank(const std::string& common_name, EVP_PKEY* key, int from_days, int to_days) {
  static int serial = 0;
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);  // that is version 3
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_days * kDaySeconds);
  X509_set_pubkey(certificate.get(), key);
  AddName(X509_get_subject_name(certificate.get()), "O", "Cyngor Gogledd");
  AddName(X509_get_subject_name(certificate.get()), "CN", common_name);
  return certificate;
}

}  // namespace

Authority::Authority(const std::string& common_name)
    : key_(EVP_EC_gen("P-256"), EVP_PKEY_free),
      certificate_(Blank(common_name, key_.get(), -2, 2)) {
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  AddExtension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate_.get(), NID_key_usage, "critical,keyCertSign");
  DOLEN_CHECK(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0);
  pem_ = PemOf(certificate_.get());
}

Identity Authority::Issue(const Wanted& wanted) const {
  const Key key(wanted.rsa_bits == 0 ? EVP_EC_gen("P-256")
                                     : EVP_RSA_gen(static_cast<unsigned>(wanted.rsa_bits)),
                EVP_PKEY_free);
  const int from_days = wanted.days < 0 ? wanted.days - 1 : -1;
  const Certificate certificate = Blank(wanted.common_name, key.get(), from_days, wanted.days);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
  AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate.get(), NID_ext_key_usage, wanted.usage);
  if (!wanted.names.empty()) {
    AddExtension(certificate.get(), NID_subject_alt_name, wanted.names);
  }
  DOLEN_CHECK(X509_sign(certificate.get(), key_.get(), EVP_sha256()) > 0);
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate.get(), &bytes);
  const std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return {PemOf(certificate.get()), PemOf(key.get()), der};
}

void WriteTextFile(const std::string& path, absl::string_view text) {
  std::ofstream file(path);
  file << text;
  file.close();
  DOLEN_CHECK(file.good());
}

}  // namespace dolen
