import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.file.*;
import java.security.KeyStore;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;

/** The JDK's own trust manager, as HttpsURLConnection uses it: chains of the folders named on standard input. */
class Verify {
    public static void main(String[] arguments) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (String line : new String(System.in.readAllBytes()).split("\n")) {
            Path folder = Path.of(line);
            String answer;
            try {
                verify(factory, folder, Files.readString(folder.resolve("name")));
                answer = "OK";
            } catch (Exception e) {
                Throwable cause = e;
                while (cause.getCause() != null) cause = cause.getCause();
                answer = cause.getClass().getSimpleName() + ": " + cause.getMessage();
            }
            System.out.println(folder.getFileName() + "\t" + answer.replaceAll("\\s+", " "));
        }
    }

    static void verify(CertificateFactory factory, Path folder, String name) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        for (X509Certificate anchor : read(factory, folder.resolve("anchors.pem")))
            store.setCertificateEntry("a" + count++, anchor);
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(store);
        X509ExtendedTrustManager manager = (X509ExtendedTrustManager) managers.getTrustManagers()[0];
        X509Certificate[] chain = read(factory, folder.resolve("chain.pem")).toArray(new X509Certificate[0]);
        String type = chain[0].getPublicKey().getAlgorithm().equals("RSA") ? "ECDHE_RSA" : "ECDHE_ECDSA";
        manager.checkServerTrusted(chain, type, new Engine(name));
    }

    static List<X509Certificate> read(CertificateFactory factory, Path file) throws Exception {
        List<X509Certificate> out = new ArrayList<>();
        for (String block : Files.readString(file).split("(?=-----BEGIN CERTIFICATE-----)"))
            if (block.contains("BEGIN"))
                out.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.trim().getBytes())));
        return out;
    }

    /** As much of a connection to `name` as the trust manager looks at. */
    static class Engine extends SSLEngine {
        final SSLSession session;

        Engine(String name) {
            super(name, 443);
            session = (SSLSession) Proxy.newProxyInstance(
                Verify.class.getClassLoader(), new Class<?>[] {SSLSession.class}, (proxy, method, values) ->
                    switch (method.getName()) {
                        case "getPeerHost" -> name;
                        case "getProtocol" -> "TLSv1.2";
                        case "getPeerPort" -> 443;
                        default -> null;
                    });
        }

        @Override public SSLSession getHandshakeSession() { return session; }
        @Override public SSLSession getSession() { return session; }
        @Override public SSLParameters getSSLParameters() {
            SSLParameters parameters = new SSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            return parameters;
        }
        @Override public SSLEngineResult wrap(java.nio.ByteBuffer[] a, int b, int c, java.nio.ByteBuffer d) { return null; }
        @Override public SSLEngineResult unwrap(java.nio.ByteBuffer a, java.nio.ByteBuffer[] b, int c, int d) { return null; }
        @Override public Runnable getDelegatedTask() { return null; }
        @Override public void closeInbound() {}
        @Override public boolean isInboundDone() { return false; }
        @Override public void closeOutbound() {}
        @Override public boolean isOutboundDone() { return false; }
        @Override public String[] getSupportedCipherSuites() { return new String[0]; }
        @Override public String[] getEnabledCipherSuites() { return new String[0]; }
        @Override public void setEnabledCipherSuites(String[] suites) {}
        @Override public String[] getSupportedProtocols() { return new String[0]; }
        @Override public String[] getEnabledProtocols() { return new String[0]; }
        @Override public void setEnabledProtocols(String[] protocols) {}
        @Override public void beginHandshake() {}
        @Override public SSLEngineResult.HandshakeStatus getHandshakeStatus() { return null; }
        @Override public void setUseClientMode(boolean mode) {}
        @Override public boolean getUseClientMode() { return true; }
        @Override public void setNeedClientAuth(boolean need) {}
        @Override public boolean getNeedClientAuth() { return false; }
        @Override public void setWantClientAuth(boolean want) {}
        @Override public boolean getWantClientAuth() { return false; }
        @Override public void setEnableSessionCreation(boolean flag) {}
        @Override public boolean getEnableSessionCreation() { return true; }
    }
}
