package dev.reinstall.cloud.tencent;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.common.profile.Language;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import java.net.URI;
import java.util.Map;

/** Tencent Cloud's own client, as a reference; the operator itself must never use it. */
final class VendorClient {
  private static final Map<String, String> METHODS =
      Map.of(
          "TC3", ClientProfile.SIGN_TC3_256,
          "V1-SHA256", ClientProfile.SIGN_SHA256,
          "V1-SHA1", ClientProfile.SIGN_SHA1);

  private VendorClient() {}

  /** It signs TC3 for the first label of the host: at 127.0.0.1 that is 127, not cvm. */
  static final String SERVICE = "127";

  /**
   * A client for that address.
   *
   * @param signature one of {@link Signature#NAMES}
   */
  static CvmClient at(String endpoint, String signature, Credential credential) {
    HttpProfile http = new HttpProfile();
    http.setProtocol(HttpProfile.REQ_HTTP);
    http.setEndpoint(URI.create(endpoint).getAuthority());
    http.setReqMethod(HttpProfile.REQ_POST);
    http.setReadTimeout(10);
    ClientProfile profile = new ClientProfile(METHODS.get(signature), http);
    if (signature.equals("TC3")) {
      profile.setLanguage(Language.EN_US); // as we do; the older form has no such parameter
    }
    return new CvmClient(credential, "ap-guangzhou", profile);
  }
}
