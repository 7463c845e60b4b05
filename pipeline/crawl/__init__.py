"""New notices from the web: fetched safely, archived as they came, watched for, told in a digest."""
