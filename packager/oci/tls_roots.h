// Whom a TLS certificate may come from, for each host:
//  * the system's authorities, or instead those of $SSL_CERT_FILE;
//  * those of --ca-file;
//  * *.crt in certs.d/HOST[:PORT]/ of ~/.config/containers, /etc/containers and /etc/docker, where podman and
//  docker
//    look for them (containers-certs.d(5)); *.cert beside *.key there is the client's own certificate.
#pragma once

#include "support/result.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace ecc {

struct TlsOptions {
    bool verify = true;
    std::filesystem::path ca_file;
    std::vector<std::filesystem::path> folders; ///< the certs.d
};

/// The folders certs.d that podman and docker know, for this user.
std::vector<std::filesystem::path> certificate_folders(const char* home);

struct TlsSettings {
    bool verify = true;
    std::string authorities;    ///< PEM; empty: the system's, or `authority_file`
    std::string authority_file; ///< of $SSL_CERT_FILE
    std::string client_certificate, client_key;
};

class TlsRoots {
public:
    explicit TlsRoots(TlsOptions options) : options_(std::move(options)) {}

    /// `host` with the port, if it is not the scheme's. An environment error if a file that is named cannot
    /// be read.
    Result<const TlsSettings*> settings_for(const std::string& host);

private:
    Result<TlsSettings> load(const std::string& host) const;

    TlsOptions options_;
    std::mutex mutex_;
    std::map<std::string, TlsSettings> known_;
};

} // namespace ecc
