#include "packager/oci/removal.h"

namespace ecc {

Result<bool> remove_content(RepositoryClient& client, const std::string& path, const char* doing) {
    ECC_TRY(auto request, client.request("DELETE", path));
    ECC_TRY(const auto reply, client.send(std::move(request)));
    if (reply.status == 404)
        return false;
    if (reply.ok())
        return true;
    Error failure = client.failure(doing, reply);
    if (reply.status == 405)
        failure.hint = "deletion is disabled there; its operator can enable it, in docker-registry with "
                       "REGISTRY_STORAGE_DELETE_ENABLED=true";
    return std::unexpected(std::move(failure));
}

} // namespace ecc
