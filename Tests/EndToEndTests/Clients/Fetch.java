import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Fetch URL BODY: posts a question with the key of the environment and prints the status and the answer. */
class Fetch {
    public static void main(String[] arguments) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(arguments[0]))
            .header("x-api-key", System.getenv("ANTHROPIC_API_KEY"))
            .POST(HttpRequest.BodyPublishers.ofString(arguments[1])).build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body());
    }
}
