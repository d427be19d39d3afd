/**
 * Self-signed for localhost until 2126; made for these tests by
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.
 */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUPlFJZ+1KE5WReoBvP3ajVK7AoGQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA5MDAwMVoYDzIxMjYxMDMw
MDkwMDAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASyaR7tvWmiy3IHS6d2984BlpeGHR/vHHsOcddVkyfR2D3ErBBcToq2
b2VJyZXwLPirzDCT036gupu4y98woKdXo28wbTAdBgNVHQ4EFgQUViDBATwilhc6
uc59uErPDIr3YsswHwYDVR0jBBgwFoAUViDBATwilhc6uc59uErPDIr3YsswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhANJ2U1D3oxxLfpzdiaMUEk5LCxBsrjjZahMpWCZDif5LAiEA
vrltnr7Jo3VLCDnoWPJeNzU72sziVhd2yS2/wk/e8xA=
-----END CERTIFICATE-----`;

export const TEST_CERTIFICATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgi6/djNWtvYm3/yT+
K7bwMWDBX7qHerp/2oTOZXrqiAqhRANCAASyaR7tvWmiy3IHS6d2984BlpeGHR/v
HHsOcddVkyfR2D3ErBBcToq2b2VJyZXwLPirzDCT036gupu4y98woKdX
-----END PRIVATE KEY-----`;
