#include "packager/oci/login.h"

#include "packager/oci/repository_client.h"
#include "support/base64.h"

namespace ecc {

Result<void> check_login(const std::string& host, const HelperLogin& login, const StoreOptions& options) {
    ECC_TRY(auto client, RepositoryClient::open(host, "", options));
    Credentials credentials;
    if (login.user == "<token>")
        credentials.identity_token = login.secret;
    else
        credentials.basic = to_base64(as_bytes(login.user + ":" + login.secret));
    client->authorizer().use(std::move(credentials));
    ECC_TRY(auto get, client->request("GET", ""));
    ECC_TRY(auto reply, client->send(std::move(get)));
    if (!reply.ok())
        return std::unexpected(client->failure("let somebody in", reply));
    return {};
}

} // namespace ecc
