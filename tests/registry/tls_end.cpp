#include "tests/registry/tls_end.h"

#include <csignal>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

namespace ecc::test {
namespace {

using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

/// OpenSSL writes without MSG_NOSIGNAL.
void ignore_hang_ups_in_this_thread() {
    sigset_t pipes;
    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipes, nullptr);
}

bool decrypt(SSL* session, int plain) {
    char buffer[16384];
    do {
        const int length = SSL_read(session, buffer, sizeof buffer);
        if (length <= 0 || ::send(plain, buffer, static_cast<std::size_t>(length), MSG_NOSIGNAL) != length)
            return false;
    } while (SSL_pending(session) > 0);
    return true;
}

bool encrypt(int plain, SSL* session) {
    char buffer[16384];
    const ssize_t length = ::recv(plain, buffer, sizeof buffer, 0);
    return length > 0 && SSL_write(session, buffer, static_cast<int>(length)) > 0;
}

} // namespace

TlsEnd::TlsEnd(const std::filesystem::path& certificate, const std::filesystem::path& key)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    if (SSL_CTX_use_certificate_file(context_.get(), certificate.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
        ADD_FAILURE() << "no certificate and key in " << certificate << " and " << key;
}

void TlsEnd::carry(int client, int plain) const {
    ignore_hang_ups_in_this_thread();
    const Session session(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(session.get(), client);
    if (SSL_accept(session.get()) != 1)
        return;
    pollfd ends[] = {{client, POLLIN, 0}, {plain, POLLIN, 0}};
    while (::poll(ends, 2, -1) > 0)
        if ((ends[0].revents && !decrypt(session.get(), plain)) ||
            (ends[1].revents && !encrypt(plain, session.get())))
            return;
}

} // namespace ecc::test
